import type { Kysely } from 'kysely';

interface Line {
  tenant: string;
  device: string;
  bucket: string;
  told_at: string;
  confirmed_at: string | null;
  rows: number;
}

interface Shape {
  withdrawals: Line;
  old_withdrawals: Line;
}

/** A line for each withdrawal, so that a later one of the same bucket leaves the receipt of the earlier one as it is. */
export async function up(any: Kysely<unknown>): Promise<void> {
  await any.schema.alterTable('withdrawals').renameTo('old_withdrawals').execute();
  await any.schema
    .createTable('withdrawals')
    .addColumn('tenant', 'varchar(36)', (column) => column.notNull())
    .addColumn('device', 'varchar(36)', (column) => column.notNull())
    .addColumn('bucket', 'varchar(100)', (column) => column.notNull())
    .addColumn('told_at', 'varchar(32)', (column) => column.notNull())
    .addColumn('confirmed_at', 'varchar(32)')
    .addColumn('rows', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('withdrawals_by_time', ['tenant', 'device', 'bucket', 'told_at'])
    .execute();
  const db = any as Kysely<Shape>;
  await db
    .insertInto('withdrawals')
    .columns(['tenant', 'device', 'bucket', 'told_at', 'confirmed_at', 'rows'])
    .expression((eb) =>
      eb
        .selectFrom('old_withdrawals')
        .select(['tenant', 'device', 'bucket', 'told_at', 'confirmed_at', 'rows']),
    )
    .execute();
  await any.schema.dropTable('old_withdrawals').execute();
}
