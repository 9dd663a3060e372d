import { avatarTone, initials } from './format.ts';
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

/** A page of a signed-in admin. */
export function consolePage(title: string, admin: AdminUser, content: Markup): string {
  return document(
    title,
    html`<body class="con">
<header class="ch0">${brand}<span class="vr"></span><span class="b">${admin.tenantName}</span>
<nav aria-label="Console"><a class="on" href="/admin/sync-log" aria-current="page">Sync log</a></nav>
<span class="sp"></span><span class="row g6 m f12"><span class="dot on"></span>Server healthy</span><span class="vr"></span>
<form method="post" action="/admin/sign-out"><button class="btn gh s">Sign out</button></form>${avatar(admin.name, true)}</header>
<main>${content}</main>
</body>`,
    true,
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
