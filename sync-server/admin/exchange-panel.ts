import { kilobytes } from '../ops/steps.ts';
import { count, fieldValueText, timeOf } from './format.ts';
import { avatar } from './frame.ts';
import { html, type Markup } from './html.ts';
import { icons } from './icons.ts';
import type { ExchangeDetail, KeptConflict } from './overview.ts';

/** Everything about one exchange, in the order in which it happened. */
export function exchangePanel(detail: ExchangeDetail | undefined, now: number): Markup {
  if (detail === undefined) {
    return html`<aside class="rgt" aria-label="Exchange"><div class="bar"><h2>Exchange</h2></div><p class="none">Choose an exchange to see its steps.</p></aside>`;
  }
  const { line } = detail;
  const needs =
    Number(line.conflicts) + Number(line.refusals) + Number(line.undecided) + Number(line.mismatches);
  return html`<aside class="rgt" aria-label="Exchange"><div class="bar"><h2>Exchange</h2><span class="n m">${line.exchange.slice(0, 8)}</span><span class="sp"></span>
${line.error === '' ? html`<span class="tag a">${icons.check}${line.status}, ${count(Number(line.millis))} ms</span>` : html`<span class="tag w">${icons.alert}${line.error}</span>`}</div>
<div class="pad"><div class="row">${avatar(line.user_name, true)}<div class="who"><div class="b">${line.device_name}</div><div class="f12 q">${line.user_name}, ${timeOf(line.started_at, now)}, from ${line.address}</div></div></div>
<div class="io"><div><div class="h">In, from device</div><div class="n">${count(Number(line.rows_in))}</div><div class="f11 q">${count(Number(line.accepted))} of ${count(Number(line.changes))} merged</div></div><div><div class="h">Out, to device</div><div class="n">${count(Number(line.rows_out))}</div><div class="f11 q">${kilobytes(Number(line.bytes_out))}</div></div><div><div class="h">Need a person</div><div class="n ${needs > 0 && 'sig'}">${count(needs)}</div><div class="f11 q">${count(Number(line.waiting))} waiting there</div></div></div>
<h3 class="h">Steps</h3><ol class="stp">${detail.steps.map(
    (step) =>
      html`<li class="se"><span class="n q f11 r">.${step.at.slice(20, 23)}</span><span class="nd2"><span class="${step.needs ? 'dia' : 'pd'}"></span></span><span class="tr" title="${step.text}${step.name !== '' && `, ${step.name}`}">${step.text}${step.name !== '' && html`, ${step.name}`}</span><span class="n q f11 r">${step.millis > 0 && `+${count(step.millis)} ms`}</span></li>`,
  )}</ol>
${detail.conflicts.map((conflict) => keptConflict(conflict, now))}
<p class="row acts"><a class="btn" href="/admin/sync-log/exchange.json?exchange=${line.device}.${line.exchange}">Open as JSON</a></p></div></aside>`;
}

function keptConflict(conflict: KeptConflict, now: number): Markup {
  const { base, server, device } = conflict;
  return html`<h3 class="h">Conflict kept</h3><div class="cf"><div class="row"><span class="b tr">${conflict.subject}</span><span class="sp"></span><span class="q f12">${conflict.field}</span></div>
<div class="cfr"><span class="m">Both started from</span><span class="n q r">${fieldValueText(base)}</span></div>
<div class="cfr"><span class="m">Server, ${server.by}</span><span class="n r">${fieldValueText(server.value)}</span></div>
<div class="cfr"><span class="m">Device, ${device.by}${device.offline && ', offline'}</span><span class="n r">${fieldValueText(device.value)}</span></div>
<div class="cfr">${conflict.open ? html`<span class="sig b">Waits for ${conflict.owner}</span>` : html`<span class="acc b">Settled</span>`}<span class="n q f11 r">since ${timeOf(conflict.since, now).slice(0, 12)}</span></div></div>`;
}
