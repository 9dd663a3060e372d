import type { CreateTableBuilder, Kysely } from 'kysely';
import { isPostgres } from '../dialect.ts';

/** The audit chain with its erasable values, and the admin's line per sync. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit_log')
    .addColumn('tenant', 'varchar(36)', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('number', 'bigint', (column) => column.notNull())
    .addColumn('kind', 'varchar(32)', (column) => column.notNull())
    .addColumn('leaf', 'varchar(64)', (column) => column.notNull())
    .addColumn('hash', 'varchar(64)', (column) => column.notNull())
    .addColumn('at', 'varchar(32)', (column) => column.notNull())
    .addPrimaryKeyConstraint('audit_log_pk', ['tenant', 'seq'])
    .execute();
  await db.schema
    .createIndex('audit_log_number')
    .on('audit_log')
    .columns(['tenant', 'number', 'seq'])
    .execute();
  await db.schema.createIndex('audit_log_hash').on('audit_log').columns(['tenant', 'hash']).execute();

  await db.schema
    .createTable('audit_values')
    .addColumn('tenant', 'varchar(36)', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('salt', 'varchar(32)', (column) => column.notNull())
    .addColumn('json', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('audit_values_pk', ['tenant', 'seq'])
    .execute();

  const texts = ['exchange', 'device', 'user', 'device_name', 'app', 'user_name', 'address'];
  const times = ['started_at', 'ended_at'];
  const counts = [
    ...['pushes', 'pulls', 'groups', 'rows_in', 'rows_out', 'changes', 'accepted', 'superseded', 'conflicts'],
    ...['refusals', 'undecided', 'mismatches', 'waiting', 'bytes_in', 'bytes_out', 'millis', 'device_millis'],
    ...['position', 'status'],
  ];
  let table = db.schema
    .createTable('sync_log')
    // SQLite numbers such a column by itself.
    .addColumn('id', isPostgres(db) ? 'bigint' : 'integer', (column) =>
      isPostgres(db) ? column.generatedByDefaultAsIdentity().primaryKey() : column.primaryKey(),
    )
    .addColumn('tenant', 'varchar(36)', (column) => column.notNull()) as CreateTableBuilder<string, string>;
  for (const name of texts) table = table.addColumn(name, 'varchar(249)', (column) => column.notNull());
  for (const name of times) table = table.addColumn(name, 'varchar(32)', (column) => column.notNull());
  for (const name of counts) table = table.addColumn(name, 'bigint', (column) => column.notNull());
  await table
    .addColumn('error', 'varchar(64)', (column) => column.notNull())
    .addColumn('steps', 'text', (column) => column.notNull())
    .addUniqueConstraint('sync_log_exchange', ['tenant', 'device', 'exchange'])
    .execute();
  await db.schema.createIndex('sync_log_started').on('sync_log').columns(['tenant', 'started_at']).execute();
}
