import './opening-bar.css';
import type { Entity } from '../../../shared/model/index.ts';
import { Button } from '../../components/Button.tsx';
import { count, percent } from '../../format.ts';

interface OpeningBarProps {
  readonly entity: Entity;
  /** Records that are looked at; undefined while it is not known. */
  readonly total: number | undefined;
  /** 0 to 1. */
  readonly share: number;
  readonly onCancel: () => void;
}

/** A list whose order takes seconds to find: how far it is, and the way back to the one before. */
export function OpeningBar({ entity, total, share, onCancel }: OpeningBarProps) {
  const done = Math.floor(share * 100);
  const many = entity.labelPlural.toLowerCase();
  return (
    <section className="float opening-bar" aria-label="Sorting">
      <span>Sorting {total === undefined ? many : `${count(total)} ${many}`}</span>
      <span
        className="thin"
        role="progressbar"
        aria-label={`Sorting ${many}`}
        aria-valuenow={done}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <i style={{ width: `${done}%` }} />
      </span>
      <span className="n r opening-share">{percent(done)}</span>
      <Button variant="ghost" onClick={onCancel}>
        Cancel
      </Button>
    </section>
  );
}
