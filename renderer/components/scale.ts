/**
 * Scaled scrolling. Chromium clamps the height of an element at 33,554,428 px, and already beyond 2^24 it paints with
 * floats that have no place for every pixel: hairlines between rows vanish. Beyond the limit the scrollbar therefore runs
 * over a shorter height and each of its pixels stands for more than one.
 * `real` is what the rows would need, `physical` is what the element has. All in CSS pixels.
 */
export const MAX_PHYSICAL = 16_000_000;

export interface Scale {
  readonly physical: number;
  /** Real pixels per pixel of the scrollbar; 1 where nothing is scaled. */
  readonly ratio: number;
  toReal(physicalOffset: number): number;
  toPhysical(realOffset: number): number;
}

const identity = (physical: number): Scale => ({
  physical,
  ratio: 1,
  toReal: (offset) => offset,
  toPhysical: (offset) => offset,
});

/** @param viewport height of the window on the rows: at the end of the scrollbar the last row must be seen */
export function makeScale(real: number, viewport: number, limit: number = MAX_PHYSICAL): Scale {
  if (real <= limit) return identity(real);
  const ratio = (real - viewport) / (limit - viewport);
  return {
    physical: limit,
    ratio,
    toReal: (offset) => offset * ratio,
    toPhysical: (offset) => offset / ratio,
  };
}
