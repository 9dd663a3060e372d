const TICKS = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100];

interface OdometerProps {
  readonly label: string;
  /** Whole percent. */
  readonly percent: number;
}

/** How far it is, with a mark for every tenth of the way. */
export function Odometer({ label, percent }: OdometerProps) {
  return (
    <div
      className="odo sync-odo"
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <i style={{ width: `${percent}%` }} />
      {TICKS.map((tick) => (
        <b key={tick} style={{ left: `calc(${tick}% - ${tick === 100 ? 1 : 0}px)` }} />
      ))}
    </div>
  );
}
