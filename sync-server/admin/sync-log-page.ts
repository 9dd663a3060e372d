import type { BackupHealth } from '../ops/scheduled-backups.ts';
import type { SyncLine } from '../ops/sync-log.ts';
import { activityChart } from './chart.ts';
import { exchangePanel } from './exchange-panel.ts';
import { count, duration, timeOf } from './format.ts';
import { avatar, consolePage } from './frame.ts';
import { html, type Markup } from './html.ts';
import { icons } from './icons.ts';
import type { DeviceLine, ExchangeDetail, Today } from './overview.ts';
import type { AdminUser } from './sessions.ts';

export interface SyncLogView {
  readonly admin: AdminUser;
  readonly now: number;
  readonly backups: BackupHealth;
  readonly today: Today;
  readonly devices: readonly DeviceLine[];
  readonly hour: readonly { at: number; rowsIn: number; rowsOut: number }[];
  readonly lines: readonly SyncLine[];
  /** Id to go on from; undefined on the last page. */
  readonly next: number | undefined;
  readonly detail: ExchangeDetail | undefined;
  /** Device whose lines are shown; undefined for all. */
  readonly device: DeviceLine | undefined;
  readonly problem: boolean;
}

export function syncLogPage(view: SyncLogView): string {
  return consolePage(
    'Sync log',
    view.admin,
    view,
    html`${figures(view)}<div class="cb0"><div class="lft">${devices(view)}${activityChart(view.hour)}${exchanges(view)}</div>
${exchangePanel(view.detail, view.now)}</div>`,
  );
}

/** A link to this page with other filters. */
function link(view: SyncLogView, change: Record<string, string | undefined>): string {
  const now = {
    device: view.device?.id,
    problem: view.problem ? '1' : undefined,
    exchange: undefined,
    before: undefined,
    ...change,
  };
  const query = new URLSearchParams(
    Object.entries(now).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ).toString();
  return query === '' ? '/admin/sync-log' : `/admin/sync-log?${query}`;
}

function figures({ today, devices: all }: SyncLogView): Markup {
  const lags = all
    .flatMap(({ lag, revoked, disabled }) => (lag === null || revoked || disabled ? [] : [lag]))
    .sort((a, b) => a - b);
  const at = (share: number) => lags[Math.min(lags.length - 1, Math.floor(lags.length * share))];
  const median = at(0.5);
  const most = at(0.95);
  const figure = (label: string, value: string, about: string, needs = false) =>
    html`<div class="kp"><div class="h">${label}</div><div class="n">${needs ? html`<span class="sig">${value}</span>` : value}</div><div class="f12 q">${about}</div></div>`;
  const people = (number: number) => (number === 1 ? '1 person' : `${count(number)} people`);
  return html`<section class="kps" aria-label="Today">
${figure('Devices', count(all.length), `${count(all.filter(({ seenToday }) => seenToday).length)} seen today`)}
${figure('Median lag', median === undefined ? 'none' : duration(median), most === undefined ? 'no device has synced yet' : `95% under ${most < 60_000 ? '1 min' : duration(most)}`)}
${figure('Rows in, today', count(today.rowsIn), `from devices, ${count(today.pushes)} pushes`)}
${figure('Rows out, today', count(today.rowsOut), `to devices, ${count(today.pulls)} pulls`)}
${figure('Conflicts', count(today.conflicts), `of ${count(today.changes)} changes, ${people(today.conflictPeople)}`, today.conflicts > 0)}
${figure('Refused', count(today.refusals), people(today.refusalPeople), today.refusals > 0)}
</section>`;
}

/** A number that needs a person when it is not zero. */
function needing(value: number): Markup {
  if (value === 0) return html`<span class="n q need">0</span>`;
  return html`<span class="need"><span class="dia"></span><span class="n sig">${count(value)}</span></span>`;
}

function devices(view: SyncLogView): Markup {
  // An hour fills the bar at least, so that a minute never looks long.
  const longest = Math.max(3_600_000, ...view.devices.map(({ lag }) => lag ?? 0));
  const bar = (lag: number) => Math.max(1, Math.round((Math.min(lag, longest) / longest) * 64));
  const rows = view.devices.map((device) => {
    const selected = device.id === view.device?.id;
    return html`<a class="td dv ${selected && 'sel cur'}" role="row" href="${link(view, { device: selected ? undefined : device.id })}">
<span class="b" role="cell">${device.name}${device.revoked ? html` <span class="tag">revoked</span>` : device.disabled && html` <span class="tag">person disabled</span>`}${device.tokenCopied && html` <span class="dia"></span><span class="sig f12">token used twice</span>`}</span>
<span class="row" role="cell">${avatar(device.person)}<span class="tr">${device.person}</span></span>
<span class="m" role="cell">${platformName(device.platform)}, ${device.app}</span>
<span class="row" role="cell"><span class="n lagn">${device.lag === null ? 'never' : duration(device.lag)}</span><svg class="lag" width="64" height="4" aria-hidden="true"><rect class="track" width="64" height="4" rx="1"/>${device.lag !== null && html`<rect class="done" width="${bar(device.lag)}" height="4" rx="1"/>`}</svg></span>
<span class="n r ${device.waiting === 0 && 'q'}" role="cell">${count(device.waiting)}</span><span class="n r" role="cell">${count(device.rowsOut)}</span><span class="n r" role="cell">${count(device.rowsIn)}</span><span role="cell">${needing(device.conflicts)}</span></a>`;
  });
  return html`<section aria-label="Devices"><div class="bar"><h2>Devices</h2>
${view.device && html`<span class="chip"><span class="k">Device</span><span class="k">is</span><span class="v">${view.device.name}</span><a class="x" href="${link(view, { device: undefined })}" aria-label="Show all devices">${icons.close}</a></span>`}
<span class="sp"></span><span class="q f12">last seen first</span></div>
<div class="tb" role="table"><div class="th dv" role="row"><span role="columnheader">Device</span><span role="columnheader">Person</span><span role="columnheader">App</span><span class="s" role="columnheader">Lag</span><span class="r" role="columnheader">Waiting</span><span class="r" role="columnheader">Rows out</span><span class="r" role="columnheader">Rows in</span><span class="r" role="columnheader">Conflicts</span></div>
${rows}${rows.length === 0 && html`<p class="none">No device has signed in yet.</p>`}</div></section>`;
}

const platforms: Record<string, string> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' };

function platformName(platform: string): string {
  return platforms[platform] ?? platform;
}

function exchanges(view: SyncLogView): Markup {
  const rows = view.lines.map((line) => {
    const selected = line.exchange === view.detail?.line.exchange && line.device === view.detail.line.device;
    const needs =
      Number(line.conflicts) + Number(line.refusals) + Number(line.undecided) + Number(line.mismatches);
    return html`<a class="td ex ${selected && 'sel cur'}" role="row" href="${link(view, { exchange: `${line.device}.${line.exchange}` })}">
<span class="n" role="cell">${timeOf(line.started_at, view.now)}</span>
<span class="row" role="cell">${avatar(line.user_name)}<span class="tr">${line.user_name}</span></span>
<span class="m" role="cell">${line.device_name}</span>
<span class="n r" role="cell">${count(Number(line.rows_out))}</span><span class="n r" role="cell">${count(Number(line.rows_in))}</span>
<span class="n r" role="cell">${count(Number(line.millis))} ms</span><span role="cell">${needing(needs)}</span>
<span class="tr" role="cell">${resultOf(line)}</span></a>`;
  });
  return html`<section aria-label="Exchanges"><div class="bar line-above"><h2>Exchanges</h2>
<span class="seg"><a class="${!view.problem && 'on'}" href="${link(view, { problem: undefined })}">All</a><a class="${view.problem && 'on'}" href="${link(view, { problem: '1' })}">Need a person</a></span>
<span class="sp"></span><span class="q f12">newest first, times in UTC</span></div>
<div class="tb" role="table"><div class="th ex" role="row"><span class="s" role="columnheader">Time</span><span role="columnheader">Person</span><span role="columnheader">Device</span><span class="r" role="columnheader">Rows out</span><span class="r" role="columnheader">Rows in</span><span class="r" role="columnheader">Took</span><span class="r" role="columnheader">Needs</span><span role="columnheader">Result</span></div>
${rows}${rows.length === 0 && html`<p class="none">${view.problem ? 'Nothing needs a person.' : 'Nothing was synced yet.'}</p>`}</div>
${view.next !== undefined && html`<p class="more"><a class="btn" href="${link(view, { before: String(view.next) })}">Older</a></p>`}</section>`;
}

function resultOf(line: SyncLine): Markup {
  if (line.error !== '') return html`<span class="sig">${line.error}</span>`;
  return html`<span class="q">${line.status}</span>`;
}
