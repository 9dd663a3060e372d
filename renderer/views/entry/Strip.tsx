import type { ReactNode } from 'react';
import { Diagram } from './Diagram.tsx';

/** Fixed pictures: a locked device shows the form of a day's road book and nothing of its content. */
const LOCKED = [
  { bearing: 48, others: [0, 270], bars: [120, 180] },
  { bearing: 271, others: [0, 90], bars: [148, 152] },
  { bearing: 352, others: [280, 80], bars: [104, 200] },
  { bearing: 117, others: [300], bars: [132, 168] },
  { bearing: 24, others: [290], bars: [96, 144] },
  { bearing: 220, others: [0, 60], bars: [140, 120] },
] as const;

export function LockedStrip() {
  return (
    <aside className="strip" aria-hidden="true">
      <div className="strip-row strip-head">
        <span className="r">Total</span>
        <span className="r">Leg</span>
        <span className="strip-way">Direction</span>
        <span />
      </div>
      {LOCKED.map(({ bearing, others, bars }) => (
        <div className="strip-row" key={bearing}>
          <span className="sk w32" />
          <span className="sk w44" />
          <span className="strip-diagram">
            <Diagram bearing={bearing} others={others} />
          </span>
          <span className="strip-text">
            {bars.map((width) => (
              <span key={width} className={`sk w${width}`} />
            ))}
          </span>
        </div>
      ))}
    </aside>
  );
}

/** Steps from an empty device to the first day without a network. */
const STEPS = [
  { bearing: 0, others: [] },
  { bearing: 38, others: [270] },
  { bearing: 90, others: [0, 300] },
  { bearing: 320, others: [0, 60] },
  { bearing: 270, others: [0, 90] },
  { bearing: 0, others: [280, 80] },
] as const;

export interface Step {
  readonly title: string;
  readonly note: ReactNode;
}

interface StepStripProps {
  /** Six of them, one per diagram. */
  readonly steps: readonly Step[];
  /** Index of the step that is being done. */
  readonly current: number;
}

export function StepStrip({ steps, current }: StepStripProps) {
  return (
    <aside className="strip steps" aria-label="Steps">
      <div className="strip-row strip-head" aria-hidden="true">
        <span className="r">Step</span>
        <span className="strip-way">Direction</span>
        <span />
      </div>
      <ol>
        {STEPS.map(({ bearing, others }, index) => {
          const step = steps[index];
          const on = index === current;
          return (
            <li
              // The steps never change their order.
              // biome-ignore lint/suspicious/noArrayIndexKey: fixed list
              key={index}
              className={on ? 'strip-row on' : 'strip-row'}
              aria-current={on ? 'step' : undefined}
            >
              <span className="n r strip-number">{index + 1}</span>
              <span className="strip-diagram">
                <Diagram bearing={bearing} others={others} on={on} />
              </span>
              <span className="strip-text">
                <span className="b">{step?.title}</span>
                <span className="q f12">{step?.note}</span>
              </span>
            </li>
          );
        })}
      </ol>
    </aside>
  );
}
