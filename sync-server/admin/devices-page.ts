import type { BackupHealth } from '../ops/scheduled-backups.ts';
import type { OrderRow } from '../store/orders.ts';
import { count, duration, timeOf } from './format.ts';
import { avatar, consolePage } from './frame.ts';
import { html, type Markup } from './html.ts';
import type { DeviceLine } from './overview.ts';
import type { AdminUser } from './sessions.ts';

export interface DevicesView {
  readonly admin: AdminUser;
  readonly now: number;
  readonly backups: BackupHealth;
  readonly devices: readonly DeviceLine[];
  readonly orders: readonly OrderRow[];
  /** Longest time offline, days. */
  readonly days: number;
  /** What an act has come to, in words; '' for none. */
  readonly said: string;
  /** Device that is about to be ordered something, which is asked once more. */
  readonly asking: { readonly device: DeviceLine; readonly kind: 'leave' | 'lost' } | undefined;
}

export function devicesPage(view: DevicesView): string {
  return consolePage(
    'Devices',
    view.admin,
    view,
    html`<div class="one">${view.said !== '' && html`<p class="said" role="status">${view.said}</p>`}
${view.asking !== undefined && question(view.asking)}${devices(view)}${orders(view)}${longest(view)}</div>`,
    'devices',
  );
}

const words = {
  leave: {
    title: 'Have this device leave?',
    what: 'It sends every change that waits on it, then wipes itself. What cannot be applied is held in the quarantine.',
    button: 'Hand in and wipe',
  },
  lost: {
    title: 'Wipe this device at once?',
    what: 'It may no longer sync, and wipes itself at its next contact. Changes that it has not sent are lost.',
    button: 'Wipe at once',
  },
} as const;

/** Nothing brings a wiped device back: both are asked once more, with how much waits. */
function question({ device, kind }: NonNullable<DevicesView['asking']>): Markup {
  const { title, what, button } = words[kind];
  const waiting = device.waiting === 1 ? 'One change waits' : `${count(device.waiting)} changes wait`;
  return html`<section aria-label="${title}"><div class="bar"><h2>${title}</h2></div>
<div class="held"><div class="row"><span class="b">${device.name}</span><span class="q f12">${device.person}, ${waiting} there by its last report</span></div>
<p class="m">${what}</p>
<form method="post" action="/admin/devices/order" class="row"><input type="hidden" name="device" value="${device.id}">
<button class="btn p" name="kind" value="${kind}">${button}</button><a class="btn gh" href="/admin/devices">Cancel</a></form></div></section>`;
}

function devices({ devices: all, orders: given }: DevicesView): Markup {
  const open = new Map(
    given.filter(({ state }) => state === 'open').map(({ device, kind }) => [device, kind]),
  );
  const done = new Set(given.filter(({ state }) => state === 'done').map(({ device }) => device));
  return html`<section aria-label="Devices"><div class="bar line-above"><h2>Devices</h2><span class="sp"></span><span class="q f12">last seen first</span></div>
${all.map((device) => one(device, open.get(device.id), done.has(device.id)))}${all.length === 0 && html`<p class="none">No device has signed in yet.</p>`}</section>`;
}

function one(device: DeviceLine, ordered: string | undefined, wiped: boolean): Markup {
  const state = wiped
    ? 'wiped'
    : ordered === undefined
      ? device.revoked
        ? 'revoked'
        : device.disabled
          ? 'person disabled'
          : ''
      : ordered === 'lost'
        ? 'to be wiped'
        : 'leaving';
  const seen = device.lag === null ? 'never synced' : `synced ${duration(device.lag)} ago`;
  return html`<div class="held"><div class="row">${avatar(device.person)}<span class="b">${device.name}</span>${state !== '' && html`<span class="tag">${state}</span>`}${device.tokenCopied && html`<span class="dia"></span><span class="sig f12">Its key was used twice; its session was ended</span>`}
<span class="q f12">${device.person}, ${seen === 'synced now ago' ? 'synced now' : seen}, ${count(device.waiting)} waiting</span><span class="sp"></span>
<form method="post" action="/admin/devices/name" class="row"><input type="hidden" name="device" value="${device.id}"><input class="inp" name="name" value="${device.name}" maxlength="100" required aria-label="Name of ${device.name}"><button class="btn">Name</button></form>
${
  !wiped &&
  html`<form method="post" action="/admin/devices/access" class="row"><input type="hidden" name="device" value="${device.id}">${device.revoked || ordered !== undefined ? html`<button class="btn" name="act" value="allow">Let in again</button>` : html`<button class="btn" name="act" value="revoke">Revoke</button>`}</form>
${ordered === undefined && html`<a class="btn" href="/admin/devices?ask=leave&amp;device=${device.id}">Leave</a>`}${ordered !== 'lost' && html`<a class="btn" href="/admin/devices?ask=lost&amp;device=${device.id}">Lost or stolen</a>`}`
}</div></div>`;
}

function orders({ orders: given, now }: DevicesView): Markup {
  const rows = given.map(
    (
      order,
    ) => html`<div class="td wd" role="row"><span class="row" role="cell">${avatar(order.userName)}<span class="tr">${order.userName}</span></span>
<span class="m" role="cell">${order.deviceName}</span><span class="tr" role="cell">${order.kind === 'lost' ? 'Lost or stolen' : 'Leave'}, by ${order.made_by_name}, ${timeOf(order.at, now)}</span>
<span role="cell">${stateOf(order)}</span><span class="n q" role="cell">${order.settled_at === null ? '' : timeOf(order.settled_at, now)}</span>
<span class="n r" role="cell">${count(Number(order.taken))} / ${count(Number(order.held))} / ${order.unsent === null ? '?' : count(Number(order.unsent))}</span></div>`,
  );
  return html`<section aria-label="Orders and receipts"><div class="bar line-above"><h2>Orders and receipts</h2><span class="sp"></span><span class="q f12">changes taken in, held, and wiped unsent</span></div>
<div class="tb" role="table"><div class="th wd" role="row"><span role="columnheader">Person</span><span role="columnheader">Device</span><span role="columnheader">Order</span><span role="columnheader">State</span><span role="columnheader">Receipt</span><span class="r" role="columnheader">Changes</span></div>
${rows}${rows.length === 0 && html`<p class="none">No device was ordered anything.</p>`}</div></section>`;
}

function stateOf(order: OrderRow): Markup {
  if (order.state === 'done') return html`<span class="row g6"><span class="dot on"></span>Wiped</span>`;
  if (order.state === 'cancelled') return html`<span class="q">Taken back</span>`;
  return html`<span class="m">${order.delivered_at === null ? 'At its next contact' : 'Told, no receipt yet'}</span>`;
}

function longest({ days }: DevicesView): Markup {
  return html`<section aria-label="Longest time offline"><div class="bar line-above"><h2>Longest time offline</h2><span class="sp"></span><span class="q f12">then its person signs in again; nothing on the device is lost by that</span></div>
<form method="post" action="/admin/devices/offline" class="held"><div class="row"><input class="inp" name="days" inputmode="numeric" pattern="[0-9]{1,4}" value="${String(days)}" required aria-label="Days"><span class="m">days</span><button class="btn">Change</button></div></form></section>`;
}
