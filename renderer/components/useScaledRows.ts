import { observeElementOffset, useVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import { type RefObject, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { makeScale } from './scale.ts';

interface RowsOptions {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly count: number;
  /** Distance from one row to the next in CSS pixels; all are alike. */
  readonly rowHeight: number;
  /** What covers the top of the scroller, such as a sticky head. */
  readonly inset?: number;
  /** Space after the last row. */
  readonly foot?: number;
  readonly overscan: number;
  readonly initialOffset?: number;
}

export interface ScaledRows {
  readonly items: readonly VirtualItem[];
  /** First and last row that exist; last is -1 when there are none. */
  readonly from: number;
  readonly to: number;
  /** Height that the element gets. */
  readonly physical: number;
  /** Offset in the layout of the rows. */
  readonly offset: number;
  /** To be subtracted from a row's start: where scrolling is scaled, rows lie around the scrollbar's position. */
  readonly shift: number;
  /** Height of the window on the rows. */
  readonly viewport: number;
  readonly reveal: (index: number) => void;
  readonly scrollTo: (offset: number) => void;
}

/** Rows of one height, of which only those in sight exist, however many there are. */
export function useScaledRows({
  scroller,
  count,
  rowHeight,
  inset = 0,
  foot = 0,
  overscan,
  initialOffset = 0,
}: RowsOptions): ScaledRows {
  const [viewport, setViewport] = useState(600);
  const scale = useMemo(
    () => makeScale(count * rowHeight + foot, viewport),
    [count, rowHeight, foot, viewport],
  );
  const scaleNow = useRef(scale);
  scaleNow.current = scale;

  const virtualizer = useVirtualizer<HTMLElement, HTMLElement>({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan,
    initialOffset,
    paddingEnd: foot,
    observeElementOffset: (instance, report) =>
      observeElementOffset(instance, (offset, scrolling) =>
        report(scaleNow.current.toReal(offset), scrolling),
      ),
    scrollToFn: (offset, _options, instance) => {
      instance.scrollElement?.scrollTo?.({ top: scaleNow.current.toPhysical(offset) });
    },
  });

  // Sizes are computed, not measured: another height is another layout.
  // biome-ignore lint/correctness/useExhaustiveDependencies: measure() reads the height through the options
  useLayoutEffect(() => virtualizer.measure(), [rowHeight, virtualizer]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = () => setViewport(Math.max(1, element.clientHeight - inset));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, inset]);

  useScaledWheel(scroller, scale.ratio, rowHeight);

  const items = virtualizer.getVirtualItems();
  const offset = virtualizer.scrollOffset ?? 0;
  return {
    items,
    from: items[0]?.index ?? 0,
    to: items.at(-1)?.index ?? -1,
    physical: scale.physical,
    offset,
    shift: offset - scale.toPhysical(offset),
    viewport,
    reveal(index) {
      const element = scroller.current;
      if (element === null || index < 0) return;
      const top = scaleNow.current.toReal(element.scrollTop);
      const start = index * rowHeight;
      const height = element.clientHeight - inset;
      if (start < top) element.scrollTop = scaleNow.current.toPhysical(start);
      else if (start + rowHeight > top + height) {
        element.scrollTop = Math.ceil(scaleNow.current.toPhysical(start + rowHeight - height));
      }
    },
    scrollTo(real) {
      if (scroller.current !== null) scroller.current.scrollTop = scaleNow.current.toPhysical(real);
    },
  };
}

/** The wheel moves rows by as many pixels as it says, also where a pixel of the scrollbar stands for several. */
function useScaledWheel(scroller: RefObject<HTMLElement | null>, ratio: number, rowHeight: number): void {
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || ratio === 1) return;
    let rest = 0;
    const turn = (event: WheelEvent) => {
      if (event.ctrlKey || event.shiftKey || event.deltaY === 0) return;
      event.preventDefault();
      const { DOM_DELTA_LINE, DOM_DELTA_PAGE } = WheelEvent;
      const unit =
        event.deltaMode === DOM_DELTA_LINE
          ? rowHeight
          : event.deltaMode === DOM_DELTA_PAGE
            ? element.clientHeight
            : 1;
      rest += (event.deltaY * unit) / ratio;
      const whole = Math.trunc(rest);
      rest -= whole;
      element.scrollTop += whole;
    };
    element.addEventListener('wheel', turn, { passive: false });
    return () => element.removeEventListener('wheel', turn);
  }, [scroller, ratio, rowHeight]);
}
