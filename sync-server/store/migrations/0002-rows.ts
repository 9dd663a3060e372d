import type { Kysely } from 'kysely';

/** Records with their numbers, the bucket log, and what became of every mutation. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('rows')
    .addColumn('tenant', 'varchar(36)', (column) => column.notNull())
    .addColumn('id', 'varchar(36)', (column) => column.notNull())
    .addColumn('collection', 'varchar(32)', (column) => column.notNull())
    .addColumn('rev', 'integer', (column) => column.notNull())
    .addColumn('number', 'bigint', (column) => column.notNull())
    .addColumn('deleted', 'integer', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('digest', 'varchar(32)', (column) => column.notNull())
    .addColumn('json', 'text', (column) => column.notNull())
    .addColumn('clocks', 'text', (column) => column.notNull())
    .addColumn('kept', 'text')
    .addPrimaryKeyConstraint('rows_pk', ['tenant', 'id'])
    .execute();
  await db.schema
    .createIndex('rows_collection')
    .on('rows')
    .columns(['tenant', 'collection', 'deleted'])
    .execute();

  await db.schema
    .createTable('bucket_log')
    .addColumn('tenant', 'varchar(36)', (column) => column.notNull())
    .addColumn('bucket', 'varchar(100)', (column) => column.notNull())
    .addColumn('number', 'bigint', (column) => column.notNull())
    .addColumn('group_end', 'bigint', (column) => column.notNull())
    .addColumn('collection', 'varchar(32)', (column) => column.notNull())
    .addColumn('id', 'varchar(36)', (column) => column.notNull())
    .addColumn('op', 'varchar(8)', (column) => column.notNull())
    .addPrimaryKeyConstraint('bucket_log_pk', ['tenant', 'bucket', 'id'])
    .execute();
  await db.schema
    .createIndex('bucket_log_number')
    .on('bucket_log')
    .columns(['tenant', 'bucket', 'number', 'group_end'])
    .execute();

  await db.schema
    .createTable('bucket_digests')
    .addColumn('tenant', 'varchar(36)', (column) => column.notNull())
    .addColumn('bucket', 'varchar(100)', (column) => column.notNull())
    .addColumn('digest', 'varchar(32)', (column) => column.notNull())
    .addPrimaryKeyConstraint('bucket_digests_pk', ['tenant', 'bucket'])
    .execute();

  await db.schema
    .createTable('verdicts')
    .addColumn('tenant', 'varchar(36)', (column) => column.notNull())
    .addColumn('group_id', 'varchar(36)', (column) => column.notNull())
    .addColumn('device', 'varchar(36)', (column) => column.notNull())
    .addColumn('json', 'text', (column) => column.notNull())
    .addColumn('at', 'varchar(32)', (column) => column.notNull())
    .addPrimaryKeyConstraint('verdicts_pk', ['tenant', 'group_id'])
    .execute();

  await db.schema
    .createTable('mutations')
    .addColumn('tenant', 'varchar(36)', (column) => column.notNull())
    .addColumn('id', 'varchar(36)', (column) => column.notNull())
    .addColumn('result', 'varchar(16)', (column) => column.notNull())
    .addColumn('number', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('mutations_pk', ['tenant', 'id'])
    .execute();
}
