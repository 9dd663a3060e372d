/**
 * Scaled scrolling. Chromium clamps the height of an element at 33,554,428 px, and a million rows of 40 px are more
 * than that: beyond the limit the scrollbar runs over a shorter height and each of its pixels stands for more than one.
 * `real` is what the rows would need, `physical` is what the element has. All in CSS pixels.
 */
export const MAX_PHYSICAL = 33_000_000;

export interface Scale {
  readonly physical: number;
  toReal(physicalOffset: number): number;
  toPhysical(realOffset: number): number;
}

const identity = (physical: number): Scale => ({
  physical,
  toReal: (offset) => offset,
  toPhysical: (offset) => offset,
});

/** @param viewport height of the window on the rows: at the end of the scrollbar the last row must be seen */
export function makeScale(real: number, viewport: number, limit: number = MAX_PHYSICAL): Scale {
  if (real <= limit) return identity(real);
  const ratio = (real - viewport) / (limit - viewport);
  return {
    physical: limit,
    toReal: (offset) => offset * ratio,
    toPhysical: (offset) => offset / ratio,
  };
}
