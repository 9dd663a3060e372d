import { useEffect, useState } from 'react';
import type { AuditEntry } from '../../../shared/ipc.ts';
import { call } from '../../bridge.ts';

interface Neighbours {
  readonly before: AuditEntry | undefined;
  readonly after: AuditEntry | undefined;
}

const NONE: Neighbours = { before: undefined, after: undefined };

/** The entries before and after one in the chain, whatever the list is narrowed to. @param total entries in all */
export function useChain(seq: number, total: number): Neighbours {
  const [neighbours, setNeighbours] = useState<Neighbours>(NONE);
  useEffect(() => {
    let left = false;
    // The log is told newest first and its numbers have no gaps, so a number says where it stands.
    const from = Math.max(0, total - seq - 1);
    call('audit.rows', { filter: {}, from, count: 4 }).then(
      ({ entries }) => {
        if (left) return;
        setNeighbours({
          before: entries.find((entry) => entry.seq === seq - 1),
          after: entries.find((entry) => entry.seq === seq + 1),
        });
      },
      // The entry stands without its neighbours.
      () => {
        if (!left) setNeighbours(NONE);
      },
    );
    return () => {
      left = true;
    };
  }, [seq, total]);
  return neighbours;
}
