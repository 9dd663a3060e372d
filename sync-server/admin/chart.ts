import { count } from './format.ts';
import { html, type Markup } from './html.ts';

/** Units of the drawing; it is stretched to the room there is, its labels are not. */
const WIDTH = 600;
const HEIGHT = 128;
const STEP = WIDTH / 60;
const BAR = 7;

interface Minute {
  readonly at: number;
  readonly rowsIn: number;
  readonly rowsOut: number;
}

/** Rows per minute of the last hour: out below, in on top. */
export function activityChart(minutes: readonly Minute[]): Markup {
  const top = ceiling(Math.max(...minutes.map(({ rowsIn, rowsOut }) => rowsIn + rowsOut)));
  const y = (value: number) => HEIGHT - (value / top) * HEIGHT;
  const total = minutes.reduce((sum, { rowsIn, rowsOut }) => sum + rowsIn + rowsOut, 0);
  const label = (text: string) => html`<span class="n q f11">${text}</span>`;
  return html`<section aria-label="Activity"><div class="bar line-above"><h2>Activity</h2><span class="q f12">last hour, by minute</span><span class="sp"></span>
<span class="row g6 f12 m"><span class="key out"></span>Rows out</span><span class="row g6 f12 m"><span class="key in"></span>Rows in</span></div>
<div class="chart"><div class="ys" aria-hidden="true">${[top, top / 2, 0].map((value) => label(count(value)))}</div>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${count(total)} rows in the last hour">
${[0, 0.5, 1].map((share) => html`<path class="grid" d="M0 ${y(top * share)}H${WIDTH}"/>`)}
${minutes.map((minute, index) => bars(minute, index * STEP + (STEP - BAR) / 2, y))}</svg>
<div class="xs" aria-hidden="true">${[0, 15, 30, 45, 59].map((index) => label(timeAt(minutes[index])))}</div></div></section>`;
}

function timeAt(minute: Minute | undefined): string {
  return new Date(minute?.at ?? 0).toISOString().slice(11, 16);
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
