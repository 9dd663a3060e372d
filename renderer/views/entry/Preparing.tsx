import { EntryFrame } from './EntryFrame.tsx';
import { Odometer } from './Odometer.tsx';
import { LockedStrip } from './Strip.tsx';

interface PreparingProps {
  /** 0 to 1. */
  readonly share: number;
  readonly version: string;
}

/** Records of an earlier version are copied and brought to this one: once, and nobody can do anything but wait. */
export function Preparing({ share, version }: PreparingProps) {
  const percent = Math.floor(share * 100);
  return (
    <EntryFrame
      title="Preparing your records for this version"
      lead="Once after this update. They are kept as they were among the backups first, and nothing that waits is lost."
      strip={<LockedStrip />}
      foot={<span role="status">Opens by itself when this is done</span>}
      footEnd={<span className="n f11">{version}</span>}
    >
      <div className="row sync-total">
        <span className="m">If it is cut off, it goes on at the next start.</span>
        <span className="sp" />
        <span className="n">{percent}%</span>
      </div>
      <Odometer label="Records prepared" percent={percent} />
    </EntryFrame>
  );
}
