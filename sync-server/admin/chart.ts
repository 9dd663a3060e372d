import { count } from './format.ts';
import { html, type Markup } from './html.ts';

const WIDTH = 968;
const HEIGHT = 160;
const LEFT = 52;
const BASE = 136;
const STEP = (WIDTH - LEFT) / 60;
const BAR = 11;

interface Minute {
  readonly at: number;
  readonly rowsIn: number;
  readonly rowsOut: number;
}

/** Rows per minute of the last hour: out below, in on top. */
export function activityChart(minutes: readonly Minute[]): Markup {
  const top = ceiling(Math.max(...minutes.map(({ rowsIn, rowsOut }) => rowsIn + rowsOut)));
  const y = (value: number) => BASE - (value / top) * (BASE - 8);
  const total = minutes.reduce((sum, { rowsIn, rowsOut }) => sum + rowsIn + rowsOut, 0);
  return html`<section aria-label="Activity"><div class="bar line-above"><h2>Activity</h2><span class="q f12">last hour, by minute</span><span class="sp"></span>
<span class="row g6 f12 m"><span class="key out"></span>Rows out</span><span class="row g6 f12 m"><span class="key in"></span>Rows in</span></div>
<div class="chart"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${count(total)} rows in the last hour">
${[0, 0.5, 1].map(
  (share) =>
    html`<path class="grid" d="M${LEFT} ${(y(top * share) + 0.5).toFixed(1)}H${WIDTH}"/><text class="axn" x="${LEFT - 8}" y="${(y(top * share) + 4).toFixed(1)}" text-anchor="end">${count(top * share)}</text>`,
)}
${minutes.map((minute, index) => bars(minute, LEFT + 4 + index * STEP, y))}
${[0, 15, 30, 45, 59].map((index) => {
  const at = new Date(minutes[index]?.at ?? 0).toISOString().slice(11, 16);
  return html`<text class="axn" x="${(LEFT + 4 + index * STEP + BAR / 2).toFixed(1)}" y="${BASE + 20}" text-anchor="${index === 59 ? 'end' : 'middle'}">${at}</text>`;
})}
</svg></div></section>`;
}

function bars({ rowsIn, rowsOut }: Minute, x: number, y: (value: number) => number): Markup {
  const bar = (name: string, from: number, to: number) =>
    to > from &&
    html`<rect class="${name}" x="${x.toFixed(1)}" y="${Math.min(y(to), y(from) - 1).toFixed(1)}" width="${BAR}" height="${Math.max(1, y(from) - y(to)).toFixed(1)}"/>`;
  return html`${bar('out', 0, rowsOut)}${bar('in', rowsOut, rowsOut + rowsIn)}`;
}

/** The next round number whose half is whole too. */
function ceiling(value: number): number {
  const steps = [2, 4, 10];
  for (let power = 1; ; power *= 10) {
    const found = steps.find((step) => step * power >= value);
    if (found !== undefined) return found * power;
  }
}
