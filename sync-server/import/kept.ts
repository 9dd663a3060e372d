import { fieldValue } from '../../shared/model/index.ts';
import type { Store } from '../store/store.ts';
import { loadRows } from '../store/working-row.ts';
import type { Report } from './report.ts';

/**
 * Says of records that are here already what really becomes of them: a value that the export does not have leaves theirs
 * as it was, it does not empty it.
 */
export async function nameWhatStays(store: Store, tenant: string, report: Report): Promise<void> {
  const ids = report.notes.flatMap(({ kept, record }) => (kept === undefined ? [] : [record ?? '']));
  if (ids.length === 0) return;
  const rows = await store.db.transaction().execute((tx) => loadRows(tx, tenant, [...new Set(ids)]));
  const known = new Map(rows.map(({ row }) => [row.id, row]));
  report.revise((note) => {
    const row = known.get(note.record ?? '');
    if (row === undefined || note.kept === undefined) return note;
    const value = note.kind === 'skipped' ? row.id : fieldValue(row, note.field);
    return value === undefined || value === '' ? note : { ...note, reason: note.kept };
  });
}
