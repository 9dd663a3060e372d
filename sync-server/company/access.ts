import { bringUpToDate } from '../store/bring.ts';
import { changeBy } from '../store/bulk.ts';
import { Commit } from '../store/commit.ts';
import { instant } from '../store/environment.ts';
import type { Store } from '../store/store.ts';
import { loadRows } from '../store/working-row.ts';

/**
 * Lets a person in or keeps them out, with one entry in the audit log and the directory entry that devices see. Whoever is
 * kept out loses every session at once, on the devices and in the console; what is saved on the devices stays there.
 * @returns false when it was so already
 */
export async function setAccess(
  store: Store,
  user: { id: string; tenant: string },
  active: boolean,
): Promise<boolean> {
  const { environment } = store;
  const { id, tenant } = user;
  const changed = await store.db.transaction().execute(async (tx) => {
    const commit = await Commit.begin(tx, environment, tenant);
    const now = environment.now();
    const done = await tx
      .updateTable('users')
      .set({ active: active ? 1 : 0 })
      .where('id', '=', id)
      .where('active', '=', active ? 0 : 1)
      .executeTakeFirst();
    if (done.numUpdatedRows === 0n) return false;
    if (!active) {
      await tx
        .updateTable('sessions')
        .set({ ended_at: instant(now), ended_because: 'disabled' })
        .where('user', '=', id)
        .where('ended_at', 'is', null)
        .execute();
      await tx.deleteFrom('admin_sessions').where('user', '=', id).execute();
    }
    commit.entry(active ? 'person-enabled' : 'person-disabled', { user: id, at: instant(now) });
    const rows = await loadRows(tx, tenant, [id]);
    for (const entry of rows) {
      const source = { kind: 'admin', name: 'command line' };
      const brought = bringUpToDate(entry, { collection: 'directory', id, body: { active } }, now);
      for (const field of brought) commit.change(changeBy(source, environment, entry, field, now));
    }
    await commit.finish(rows);
    return true;
  });
  if (changed) store.committed(tenant);
  return changed;
}
