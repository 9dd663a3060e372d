import type { BackupHealth } from '../ops/scheduled-backups.ts';
import { avatarTone, duration, initials, timeOf } from './format.ts';
import { html, type Markup } from './html.ts';
import type { AdminUser } from './sessions.ts';

/** Seconds between refreshes of a page that shows live figures. */
const REFRESH = 15;

function document(title: string, body: Markup, refresh: boolean): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refresh && html`<meta http-equiv="refresh" content="${REFRESH}">`}
<title>${title} · Roadbook console</title>
<link rel="icon" href="/admin/assets/logo.svg">
<link rel="stylesheet" href="/admin/assets/fonts.css">
<link rel="stylesheet" href="/admin/assets/tokens.css">
<link rel="stylesheet" href="/admin/assets/console.css">
</head>
${body}
</html>`.text;
}

export function avatar(name: string, large = false): Markup {
  return html`<span class="av av${avatarTone(name)} ${large && 'l'}" aria-hidden="true">${initials(name)}</span>`;
}

const brand = html`<img src="/admin/assets/logo.svg" width="20" height="20" alt=""><span class="bb">Roadbook</span><span class="tag">Console</span>`;

/** What the frame says about the server itself. */
export interface ServerHealth {
  readonly backups: BackupHealth;
  readonly now: number;
}

function health({ backups: { state, lastAt }, now }: ServerHealth): Markup {
  if (state === 'failed')
    return html`<span class="row g6 sig f12 b"><span class="dia"></span>Backup failed</span>`;
  const age = lastAt === null ? 0 : now - Date.parse(lastAt);
  const words: Record<typeof state, string> = {
    off: 'No scheduled backups',
    waiting: 'First backup is due',
    ok: age < 60_000 ? 'Backup just made' : `Last backup ${duration(age)} ago`,
  };
  return html`<span class="row g6 m f12"><span class="dot on"></span>Server healthy</span><span class="vr"></span><span class="m f12">${words[state]}</span>`;
}

function failure({ backups, now }: ServerHealth): Markup | false {
  const { state, failedAt, lastAt, reason } = backups;
  if (state !== 'failed' || failedAt === null) return false;
  const last =
    lastAt === null ? 'There is no good one yet.' : `The last good one is of ${timeOf(lastAt, now)} UTC.`;
  return html`<p class="problem wide" role="alert"><span class="dia"></span><span><b>The backup of ${timeOf(failedAt, now)} UTC failed:</b> ${reason}. ${last} It is tried again by itself; the guide to operations says how to make one by hand.</span></p>`;
}

/** Pages of the console by their last part of the address. */
const PAGES = { 'sync-log': 'Sync log', scopes: 'Who sees what', devices: 'Devices' } as const;

/** A page of a signed-in admin. */
export function consolePage(
  title: string,
  admin: AdminUser,
  server: ServerHealth,
  content: Markup,
  current: keyof typeof PAGES = 'sync-log',
): string {
  return document(
    title,
    html`<body class="con">
<header class="ch0">${brand}<span class="vr"></span><span class="b">${admin.tenantName}</span>
<nav aria-label="Console">${Object.entries(PAGES).map(([path, name]) => html`<a class="${path === current && 'on'}" href="/admin/${path}" ${path === current && html`aria-current="page"`}>${name}</a>`)}</nav>
<span class="sp"></span>${health(server)}<span class="vr"></span>
<form method="post" action="/admin/sign-out"><button class="btn gh s">Sign out</button></form>${avatar(admin.name, true)}</header>
${failure(server)}
<main>${content}</main>
</body>`,
    // Nobody is to lose what they are typing into a form.
    current !== 'devices',
  );
}

export function signInPage(problem = ''): string {
  return document(
    'Sign in',
    html`<body class="entry">
<main class="card"><div class="row">${brand}</div>
<h1>Sign in to the console</h1>
<p class="m">For admins: what was synced, by whom, and what needs a person.</p>
${problem !== '' && html`<p class="problem" role="alert"><span class="dia"></span>${problem}</p>`}
<form method="post" action="/admin/sign-in">
<label for="email">E-mail</label><input class="inp" id="email" name="email" type="email" autocomplete="username" required autofocus>
<label for="password">Password</label><input class="inp" id="password" name="password" type="password" autocomplete="current-password" required>
<button class="btn p">Sign in</button>
</form></main>
</body>`,
    false,
  );
}
