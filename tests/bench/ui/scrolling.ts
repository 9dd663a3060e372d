import type { Page } from '../lib/devtools.ts';

const FRAMES = 240;
/** Rows of 32 pixels that pass in one frame: a firm turn of the wheel. */
const STEP = 3 * 32;

/**
 * Milliseconds between frames while the list scrolls.
 * @param inside selector of something inside the scrolling element
 */
export async function frameTimes(page: Page, inside: string): Promise<number[]> {
  return (await page.evaluate(`(async () => {
    const scroller = ${scrollerOf(inside)};
    const times = [];
    let last = await new Promise(requestAnimationFrame);
    for (let frame = 0; frame < ${FRAMES}; frame += 1) {
      scroller.scrollTop += ${STEP};
      const now = await new Promise(requestAnimationFrame);
      times.push(now - last);
      last = now;
    }
    return times;
  })()`)) as number[];
}

/** Milliseconds from a jump into the middle of the list until the rows there are drawn. */
export async function jumpTimes(page: Page, inside: string, jumps: number): Promise<number[]> {
  return (await page.evaluate(`(async () => {
    const scroller = ${scrollerOf(inside)};
    const drawn = () => {
      const box = scroller.getBoundingClientRect();
      const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      return at?.closest('[data-id]') != null;
    };
    const times = [];
    for (let jump = 0; jump < ${jumps}; jump += 1) {
      const start = performance.now();
      scroller.scrollTop = scroller.scrollHeight * ((jump * 0.37 + 0.21) % 0.95);
      do await new Promise(requestAnimationFrame); while (!drawn());
      times.push(performance.now() - start);
    }
    return times;
  })()`)) as number[];
}

function scrollerOf(inside: string): string {
  return `(() => {
    let at = document.querySelector(${JSON.stringify(inside)});
    while (at && at.scrollHeight <= at.clientHeight + 40) at = at.parentElement;
    return at;
  })()`;
}
