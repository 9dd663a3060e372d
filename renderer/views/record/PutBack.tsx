import { Undo2 } from 'lucide-react';
import { useRef } from 'react';
import type { AuditEntry, RecordRow } from '../../../shared/ipc.ts';
import type { Body } from '../../../shared/model/index.ts';
import { Icon } from '../../components/Icon.tsx';
import { changedField, planPutBack } from './put-back.ts';
import { type PutBackAnswer, usePutBack } from './usePutBack.ts';

interface PutBackProps {
  readonly entry: AuditEntry;
  readonly row: RecordRow;
  readonly role: string;
  /** The old value as it is read, '' for emptiness. */
  readonly value: string;
  readonly save: (values: Body) => Promise<void>;
}

/** At the end of a change in the timeline; not where there is nothing to put back. */
export function PutBack({ entry, row, role, value, save }: PutBackProps) {
  const button = useRef<HTMLButtonElement>(null);
  const place = useRef<HTMLElement>(null);
  const { answer, putBack } = usePutBack({
    entry,
    role,
    record: () => Promise.resolve(row),
    save,
    done: () => {
      // The button goes with the reason for it and takes the focus along; it comes back to it, or to its entry.
      requestAnimationFrame(() => {
        if (document.activeElement === document.body) (button.current ?? place.current)?.focus();
      });
    },
  });
  const spec = changedField(entry);
  const stands = planPutBack(entry, row, role).kind === 'stands';
  if (spec === undefined || stands) return null;
  const what = `${spec.label.toLowerCase()}, ${value || 'empty'}`;
  return (
    <>
      <button
        ref={button}
        type="button"
        className="quiet f12 put-back"
        aria-label={`Put back ${what}`}
        onClick={(event) => {
          place.current = event.currentTarget.closest<HTMLElement>('.ev');
          putBack();
        }}
      >
        <Icon of={Undo2} size={14} tone="current" />
        Put back
      </button>
      {answer?.refused === true && <PutBackWords answer={answer} />}
    </>
  );
}

/** Why it was not done, or that it was. */
export function PutBackWords({ answer }: { readonly answer: PutBackAnswer | null }) {
  if (answer === null) return null;
  return answer.refused ? (
    <p className="put-back-words" role="alert">
      <span className="dia" aria-hidden="true" />
      {answer.words}
    </p>
  ) : (
    <p className="put-back-words m" role="status">
      {answer.words}
    </p>
  );
}
