import { useEffect, useState } from 'react';
import type { RecordRow, ViewRequest } from '../../../shared/ipc.ts';
import { call, on } from '../../bridge.ts';
import { closeView } from '../../state/useViewCount.ts';

export interface Rows {
  readonly rows: readonly RecordRow[];
  readonly names: Readonly<Record<string, string>>;
  /** All that there are, of which `rows` are the first; null until known. */
  readonly count: number | null;
  readonly viewId: string | null;
}

const NONE: Rows = { rows: [], names: {}, count: null, viewId: null };

/** The first rows of a view, kept up to date. `request` null: nothing is asked. */
export function useRows(request: ViewRequest | null, most: number): Rows {
  const [rows, setRows] = useState<Rows>(NONE);
  const key = request === null ? null : JSON.stringify(request);

  useEffect(() => {
    setRows(NONE);
    if (key === null) return;
    let viewId: string | null = null;
    let gone = false;
    const read = async (id: string) => {
      const page = await call('view.rows', { viewId: id, from: 0, count: most });
      if (!gone) setRows({ rows: page.rows, names: page.names, count: page.count, viewId: id });
    };
    const failed = () => {
      // A related list that cannot be read is left out; the record itself says what is wrong.
      if (!gone) setRows({ ...NONE, count: 0 });
    };
    const stop = on('view.changed', (view) => {
      if (view.viewId === viewId) read(view.viewId).catch(failed);
    });
    call('view.open', JSON.parse(key) as ViewRequest)
      .then(async (view) => {
        if (gone) return closeView(view.viewId);
        viewId = view.viewId;
        await read(view.viewId);
      })
      .catch(failed);
    return () => {
      gone = true;
      stop();
      if (viewId !== null) closeView(viewId);
    };
  }, [key, most]);

  return rows;
}
