import type { ReactNode } from 'react';
import type { RoadbookError } from '../../../shared/errors.ts';
import { Problem } from '../../components/Problem.tsx';
import { EntryFrame } from './EntryFrame.tsx';
import { Facts } from './Facts.tsx';
import { LockedStrip } from './Strip.tsx';

interface FactsPageProps {
  readonly title: string;
  readonly lead: string;
  readonly facts: readonly (readonly [label: string, words: ReactNode])[];
  /** What can be done now: the likeliest first. */
  readonly children: ReactNode;
  readonly foot: ReactNode;
  readonly version: string;
  /** What went wrong with what was tried here. */
  readonly error: RoadbookError | null;
  /** Read aloud at once: something is wrong, rather than over. */
  readonly alert?: boolean;
}

/** The records cannot be had: why, what became of them, and the ways on. */
export function FactsPage(props: FactsPageProps) {
  const { title, lead, facts, children, foot, version, error, alert = false } = props;
  return (
    <EntryFrame
      wide
      title={title}
      lead={lead}
      strip={<LockedStrip />}
      foot={foot}
      footEnd={<span className="n f11">{version}</span>}
    >
      <div className="facts-page" {...(alert && { role: 'alert' })}>
        <Facts facts={facts} />
        {children}
        <Problem error={error} />
      </div>
    </EntryFrame>
  );
}
