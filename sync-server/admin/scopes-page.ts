import { type Reach, reaches } from '../../shared/rules/reach.ts';
import type { ReachEffect } from '../company/reach-effect.ts';
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
  /** A change of what a role sees, which is asked once more. */
  readonly asking: ReachEffect | undefined;
}

const roleNames = { manager: 'Managers', rep: 'Reps', 'read-only': 'Readers', admin: 'Admins' } as const;
const reachNames = {
  company: 'The company',
  territory: 'Own territory',
  team: 'Own team',
  own: 'Own records',
} as const;

const reachTexts = {
  company: 'the whole company',
  territory: 'their own territory and what lies below it',
  team: 'their own team and what lies below it',
  own: 'their own records',
} as const satisfies Record<Reach, string>;

/** Who sees what reaches every device of a role: it is asked once more, with how many that are. */
function question({ role, from, to, people, devices, lettingGo }: ReachEffect): Markup {
  const title = `Let ${roleNames[role].toLowerCase()} see ${reachTexts[to]}?`;
  const some = (number: number, one: string, many: string) => `${count(number)} ${number === 1 ? one : many}`;
  return html`<section aria-label="${title}"><div class="bar"><h2>${title}</h2></div>
<div class="held"><div class="row"><span class="b">${some(people, 'person', 'people')}, ${some(devices, 'device', 'devices')}</span><span class="q f12">so far they see ${reachTexts[from]}</span></div>
<p class="m">${
    lettingGo === 0
      ? 'No device lets go of records by it, as far as their receipts tell.'
      : html`<b>${some(lettingGo, 'device lets', 'devices let')} go of records at ${lettingGo === 1 ? 'its' : 'their'} next contact.</b> Changes that wait there are sent first; those of records that are seen no more are held in the quarantine.`
  } Whoever sees more receives it at the next contact.</p>
<form method="post" action="/admin/scopes/reach" class="row"><input type="hidden" name="role" value="${role}">
<button class="btn p" name="reach" value="${to}">Change</button><a class="btn gh" href="/admin/scopes">Cancel</a></form></div></section>`;
}

export function scopesPage(view: ScopesView): string {
  return consolePage(
    'Who sees what',
    view.admin,
    view,
    html`<div class="one">${view.said !== '' && html`<p class="said" role="status">${view.said}</p>`}
${view.asking !== undefined && question(view.asking)}${reachOfRoles(view)}${quarantine(view)}${withdrawals(view)}</div>`,
    'scopes',
  );
}

function reachOfRoles({ reaches: given }: ScopesView): Markup {
  const rows = given.map(
    ({
      role,
      reach,
    }) => html`<div class="td rc" role="row"><span class="b" role="cell">${roleNames[role]}</span>
<span role="cell" class="seg">${reaches.map((one) =>
      one === reach
        ? html`<a class="on" aria-current="true" href="/admin/scopes">${reachNames[one]}</a>`
        : html`<a href="/admin/scopes?role=${role}&amp;reach=${one}">${reachNames[one]}</a>`,
    )}</span></div>`,
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
