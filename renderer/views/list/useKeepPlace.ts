import { useEffect, useRef } from 'react';
import { call } from '../../bridge.ts';
import type { ViewSource } from '../../state/ViewSource.ts';

interface Keep {
  readonly cursor: number;
  readonly setCursor: (index: number) => void;
}

/** Keeps the cursor on its record when rows come, go or change places around it. */
export function useKeepPlace(source: ViewSource | null, { cursor, setCursor }: Keep): void {
  const held = useRef<{ id: string; version: number } | null>(null);
  const version = source?.version ?? 0;
  const row = cursor < 0 ? undefined : source?.at(cursor);
  useEffect(() => {
    if (cursor < 0 || source === null || source.viewId === null) {
      held.current = null;
      return;
    }
    const before = held.current;
    if (before === null || before.version === version) {
      if (row !== undefined) held.current = { id: row.id, version };
      return;
    }
    held.current = { ...before, version };
    call('view.indexOf', { viewId: source.viewId, id: before.id }).then(
      ({ index }) => {
        if (index >= 0) {
          if (index !== cursor) setCursor(index);
        } else {
          // The record left the list: the cursor stays where it is, on whatever came there.
          held.current = null;
          if (cursor >= source.count) setCursor(source.count - 1);
        }
      },
      () => {
        // The view was closed: the list that takes its place shows its own first row, and says what is wrong.
        held.current = null;
      },
    );
  }, [source, version, cursor, row, setCursor]);
}
