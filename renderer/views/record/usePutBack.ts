import { useCallback, useRef, useState } from 'react';
import type { AuditEntry, RecordRow } from '../../../shared/ipc.ts';
import type { Body } from '../../../shared/model/index.ts';
import { asRoadbookError } from '../../bridge.ts';
import { offerUndo } from '../../state/toasts.ts';
import { planPutBack } from './put-back.ts';

/** What came of it, in words; `refused` needs something from the person first. */
export interface PutBackAnswer {
  readonly refused: boolean;
  readonly words: string;
}

interface PutBackParts {
  readonly entry: AuditEntry;
  readonly role: string;
  /** The record as it is at that moment. @throws record.not_found */
  readonly record: () => Promise<RecordRow>;
  /** An ordinary edit of the record. */
  readonly save: (values: Body) => Promise<unknown>;
  /** Called when it is decided, either way. */
  readonly done?: () => void;
}

/** Puts the old value of one change back, once at a time, and keeps what came of it until the next try. */
export function usePutBack({ entry, role, record, save, done }: PutBackParts) {
  const [answer, setAnswer] = useState<PutBackAnswer | null>(null);
  const busy = useRef(false);
  const putBack = async () => {
    if (busy.current) return;
    busy.current = true;
    setAnswer(null);
    try {
      const plan = planPutBack(entry, await record(), role);
      if (plan.kind !== 'edit') {
        setAnswer({ refused: plan.kind === 'refused', words: plan.words });
        return;
      }
      await save(plan.values);
      offerUndo(`Put back ${plan.label.toLowerCase()}`, async () => {
        await save(plan.before);
      });
      setAnswer({ refused: false, words: 'Put back, as a new entry.' });
    } catch (thrown) {
      const { message, hint } = asRoadbookError(thrown);
      setAnswer({ refused: true, words: `${message} ${hint}` });
    } finally {
      busy.current = false;
      done?.();
    }
  };
  const forget = useCallback(() => setAnswer(null), []);
  return { answer, putBack: () => void putBack(), forget };
}
