import { reaches } from '../../shared/rules/reach.ts';
import type { BackupHealth } from '../ops/scheduled-backups.ts';
import { count, fieldValueText, timeOf } from './format.ts';
import { avatar, consolePage } from './frame.ts';
import { html, type Markup } from './html.ts';
import type { HeldGroup, Scopes, WithdrawalLine } from './scope-overview.ts';
import type { AdminUser } from './sessions.ts';

export interface ScopesView extends Scopes {
  readonly admin: AdminUser;
  readonly now: number;
  readonly backups: BackupHealth;
  /** What an act has come to, in words; '' for none. */
  readonly said: string;
}

const roleNames = { manager: 'Managers', rep: 'Reps', 'read-only': 'Readers', admin: 'Admins' } as const;
const reachNames = {
  company: 'The company',
  territory: 'Own territory',
  team: 'Own team',
  own: 'Own records',
} as const;

export function scopesPage(view: ScopesView): string {
  return consolePage(
    'Who sees what',
    view.admin,
    view,
    html`<div class="one">${view.said !== '' && html`<p class="said" role="status">${view.said}</p>`}
${reachOfRoles(view)}${quarantine(view)}${withdrawals(view)}</div>`,
    'scopes',
  );
}

function reachOfRoles({ reaches: given }: ScopesView): Markup {
  const rows = given.map(
    ({
      role,
      reach,
    }) => html`<div class="td rc" role="row"><span class="b" role="cell">${roleNames[role]}</span>
<form method="post" action="/admin/scopes/reach" role="cell" class="seg"><input type="hidden" name="role" value="${role}">
${reaches.map(
  (one) =>
    html`<button name="reach" value="${one}" class="${one === reach && 'on'}" aria-pressed="${one === reach ? 'true' : 'false'}">${reachNames[one]}</button>`,
)}</form></div>`,
  );
  return html`<section aria-label="What roles see"><div class="bar"><h2>What roles see</h2><span class="sp"></span><span class="q f12">own records are part of each; admins see the company</span></div>
<div class="tb" role="table">${rows}</div></section>`;
}

function quarantine({ held, now }: ScopesView): Markup {
  return html`<section aria-label="Quarantine"><div class="bar line-above"><h2>Quarantine</h2>${held.length > 0 && html`<span class="dia"></span><span class="n sig">${count(held.length)}</span>`}
<span class="sp"></span><span class="q f12">edits of records that their author does not see any more</span></div>
${held.map((group) => heldGroup(group, now))}${held.length === 0 && html`<p class="none">Nothing is held.</p>`}</section>`;
}

function heldGroup({ id, person, deviceName, at, edits }: HeldGroup, now: number): Markup {
  return html`<div class="held"><div class="row">${avatar(person)}<span class="b">${person}</span><span class="q f12">on ${deviceName}, ${timeOf(at, now)}${edits.some(({ offline }) => offline) && ', made offline'}</span><span class="sp"></span>
<form method="post" action="/admin/scopes/quarantine" class="row"><input type="hidden" name="group" value="${id}">
<button class="btn" name="act" value="restore">Apply</button><button class="btn gh" name="act" value="dismiss">Leave unapplied</button></form></div>
${edits.map(
  ({ object, name, field, from, to }) =>
    html`<div class="cfr"><span class="m tr">${object}${name !== '' && `, ${name}`}</span><span class="q">${field}</span><span class="q r tr ${face(from)}">${fieldValueText(from)}</span><span class="r tr ${face(to)}">${fieldValueText(to)}</span></div>`,
)}</div>`;
}

/** Figures stand in the face for figures, words in that of the text. */
const face = (value: unknown): string => (typeof value === 'object' && value !== null ? 'n' : '');

const states: Record<WithdrawalLine['state'], string> = {
  pending: 'At its next contact',
  told: 'Told, no receipt yet',
  confirmed: 'Removed',
};

function withdrawals({ withdrawals: lines, now }: ScopesView): Markup {
  const rows = lines.map(
    (
      line,
    ) => html`<div class="td wd" role="row"><span class="row" role="cell">${avatar(line.userName)}<span class="tr">${line.userName}</span></span>
<span class="m" role="cell">${line.deviceName}</span><span class="tr" role="cell">${line.what}</span>
<span role="cell">${line.state === 'confirmed' ? html`<span class="row g6"><span class="dot on"></span>${states.confirmed}</span>` : html`<span class="m">${states[line.state]}</span>`}</span>
<span class="n q" role="cell">${line.confirmedAt === null ? '' : timeOf(line.confirmedAt, now)}</span><span class="n r" role="cell">${line.state === 'confirmed' && count(line.rows)}</span></div>`,
  );
  return html`<section aria-label="Withdrawals"><div class="bar line-above"><h2>Withdrawals</h2><span class="sp"></span><span class="q f12">what devices let go when somebody sees less</span></div>
<div class="tb" role="table"><div class="th wd" role="row"><span role="columnheader">Person</span><span role="columnheader">Device</span><span role="columnheader">What</span><span role="columnheader">State</span><span role="columnheader">Receipt</span><span class="r" role="columnheader">Rows removed</span></div>
${rows}${rows.length === 0 && html`<p class="none">Nobody has come to see less.</p>`}</div></section>`;
}
