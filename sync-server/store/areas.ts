import type { Tx } from './dialect.ts';
import type { WorkingRow } from './working-row.ts';

/** Keeps the tree of teams and territories in step with the directory's rows that are being written. */
export async function keepAreas(tx: Tx, tenant: string, rows: readonly WorkingRow[]): Promise<void> {
  let moved = false;
  for (const { entity, row, deleted } of rows) {
    const { kind, parent } = row.body;
    if (entity.name !== 'directory' || (kind !== 'team' && kind !== 'territory')) continue;
    const known = await tx
      .selectFrom('areas')
      .select('parent')
      .where('tenant', '=', tenant)
      .where('id', '=', row.id)
      .executeTakeFirst();
    const above = typeof parent === 'string' ? parent : '';
    if (deleted ? known === undefined : known?.parent === above) continue;
    moved = true;
    if (deleted) {
      await tx.deleteFrom('areas').where('tenant', '=', tenant).where('id', '=', row.id).execute();
      continue;
    }
    await tx
      .insertInto('areas')
      .values({ tenant, id: row.id, kind, parent: above })
      .onConflict((conflict) => conflict.columns(['tenant', 'id']).doUpdateSet({ parent: above }))
      .execute();
  }
  if (moved) await sightChanged(tx, tenant);
}

/** What people of a company see may be different from now on: their devices are told to look. */
export async function sightChanged(tx: Tx, tenant: string): Promise<void> {
  await tx
    .updateTable('tenants')
    .set((eb) => ({ scope_version: eb('scope_version', '+', 1) }))
    .where('id', '=', tenant)
    .execute();
}
