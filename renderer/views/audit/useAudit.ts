import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { RoadbookError } from '../../../shared/errors.ts';
import type { AuditEntry, AuditFilter, AuditVerdict } from '../../../shared/ipc.ts';
import { asRoadbookError, call, on } from '../../bridge.ts';

/** Entries asked for at once. */
const BLOCK = 100;

export interface AuditList {
  /** Entries that fit the filter; null until known. */
  readonly count: number | null;
  /** All entries of this device. */
  readonly total: number;
  /** Newest first; undefined while it is on its way. */
  entry(index: number): AuditEntry | undefined;
  /** Rows that are in sight: what is missing among them is fetched. */
  show(from: number, to: number): void;
  readonly error: RoadbookError | null;
  retry(): void;
}

/**
 * The log, newest first, in blocks as they are scrolled to. The log only grows at its top.
 * @param onGrown is told how many rows came in above, so that the place on the screen can be kept
 */
export function useAudit(filter: AuditFilter, onGrown: (added: number) => void): AuditList {
  const key = JSON.stringify(filter);
  const [count, setCount] = useState<number | null>(null);
  const [total, setTotal] = useState(0);
  const [error, setError] = useState<RoadbookError | null>(null);
  const [, redraw] = useState(0);
  const blocks = useRef(new Map<number, readonly AuditEntry[] | 'asked'>());
  const sight = useRef({ from: 0, to: 0 });
  const turn = useRef(0);
  const known = useRef<number | null>(null);
  const grown = useRef(onGrown);
  grown.current = onGrown;

  const fetchSight = useCallback(() => {
    const now = turn.current;
    const first = Math.floor(sight.current.from / BLOCK);
    const last = Math.floor(sight.current.to / BLOCK);
    for (let block = first; block <= last; block += 1) {
      if (blocks.current.has(block)) continue;
      blocks.current.set(block, 'asked');
      call('audit.rows', { filter: JSON.parse(key) as AuditFilter, from: block * BLOCK, count: BLOCK }).then(
        ({ entries }) => {
          if (now !== turn.current) return;
          blocks.current.set(block, entries);
          redraw((version) => version + 1);
        },
        (thrown: unknown) => {
          if (now !== turn.current) return;
          blocks.current.delete(block);
          setError(asRoadbookError(thrown));
        },
      );
    }
  }, [key]);

  const look = useCallback(() => {
    const now = turn.current;
    call('audit.count', JSON.parse(key) as AuditFilter).then(
      (answer) => {
        if (now !== turn.current) return;
        const before = known.current;
        const added = before === null ? 0 : answer.count - before;
        known.current = answer.count;
        setCount(answer.count);
        setTotal(answer.total);
        setError(null);
        if (added !== 0) {
          turn.current += 1;
          blocks.current.clear();
          grown.current(added);
        }
        fetchSight();
      },
      (thrown: unknown) => {
        if (now === turn.current) setError(asRoadbookError(thrown));
      },
    );
  }, [key, fetchSight]);

  useEffect(() => {
    turn.current += 1;
    blocks.current.clear();
    known.current = null;
    setCount(null);
    look();
    const stop = on('audit.changed', look);
    return () => {
      turn.current += 1;
      stop();
    };
  }, [look]);

  const entry = useCallback((index: number) => {
    const block = blocks.current.get(Math.floor(index / BLOCK));
    return block === undefined || block === 'asked' ? undefined : block[index % BLOCK];
  }, []);
  const show = useCallback(
    (from: number, to: number) => {
      sight.current = { from, to };
      fetchSight();
    },
    [fetchSight],
  );
  return { count, total, entry, show, error, retry: look };
}

export interface Verification {
  readonly verdict: AuditVerdict | null;
  readonly busy: boolean;
  readonly error: RoadbookError | null;
  verify(): void;
}

/** Walks the whole chain once when the page opens, and whenever it is asked to. */
export function useVerification(): Verification {
  const [verdict, setVerdict] = useState<AuditVerdict | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<RoadbookError | null>(null);
  const verify = useCallback(() => {
    setBusy(true);
    call('audit.verify')
      .then(
        (answer) => {
          setVerdict(answer);
          setError(null);
        },
        (thrown: unknown) => setError(asRoadbookError(thrown)),
      )
      .finally(() => setBusy(false));
  }, []);
  useEffect(verify, [verify]);
  return useMemo(() => ({ verdict, busy, error, verify }), [verdict, busy, error, verify]);
}
