import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { RoadbookError } from '../../../shared/errors.ts';
import type { Tables } from '../schema.ts';
import * as people from './0001-people.ts';
import * as rows from './0002-rows.ts';
import * as logs from './0003-logs.ts';
import * as backups from './0004-backups.ts';
import * as retention from './0005-retention.ts';
import * as expiry from './0006-expiry.ts';
import * as scopes from './0007-scopes.ts';
import * as devices from './0008-devices.ts';
import * as withdrawals from './0009-withdrawals.ts';

/** Every step ever shipped, in order. A shipped step is never changed; a new one is added. */
const steps: Record<string, Migration> = {
  '0001-people': people,
  '0002-rows': rows,
  '0003-logs': logs,
  '0004-backups': backups,
  '0005-retention': retention,
  '0006-expiry': expiry,
  '0007-scopes': scopes,
  '0008-devices': devices,
  '0009-withdrawals': withdrawals,
};

/**
 * Brings a database to the newest shape.
 * @throws store.newer_version when the database has steps that this version does not know; nothing is changed then
 */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => steps } });
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (tables.some((table) => table.name === 'kysely_migration')) {
    const done = await db
      .withTables<{ kysely_migration: { name: string } }>()
      .selectFrom('kysely_migration')
      .select('name')
      .execute();
    if (done.some(({ name }) => !Object.hasOwn(steps, name))) throw new RoadbookError('store.newer_version');
  }
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
