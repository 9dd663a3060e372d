import type { Kysely } from 'kysely';

/** Names that an admin gives, the longest time offline, the key that a company signs its orders with, and the orders. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('tenants')
    .addColumn('offline_days', 'integer', (column) => column.notNull().defaultTo(180))
    .execute();
  await db.schema
    .alterTable('devices')
    .addColumn('named_by_admin', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  // Of the last sign-in; '' until there is one.
  await db.schema
    .alterTable('devices')
    .addColumn('signed_in_at', 'varchar(32)', (column) => column.notNull().defaultTo(''))
    .execute();
  await db.schema
    .createTable('order_keys')
    .addColumn('tenant', 'varchar(36)', (column) => column.primaryKey())
    .addColumn('public_key', 'varchar(64)', (column) => column.notNull())
    .addColumn('private_key', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('device_orders')
    .addColumn('tenant', 'varchar(36)', (column) => column.notNull())
    .addColumn('id', 'varchar(36)', (column) => column.notNull())
    .addColumn('device', 'varchar(36)', (column) => column.notNull())
    .addColumn('kind', 'varchar(16)', (column) => column.notNull())
    .addColumn('at', 'varchar(32)', (column) => column.notNull())
    .addColumn('made_by', 'varchar(36)', (column) => column.notNull())
    .addColumn('made_by_name', 'text', (column) => column.notNull())
    .addColumn('nonce', 'varchar(32)', (column) => column.notNull())
    .addColumn('json', 'text', (column) => column.notNull())
    .addColumn('state', 'varchar(16)', (column) => column.notNull())
    .addColumn('delivered_at', 'varchar(32)')
    .addColumn('settled_at', 'varchar(32)')
    .addColumn('wiped_at', 'varchar(32)')
    .addColumn('taken', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('held', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('unsent', 'integer')
    .addPrimaryKeyConstraint('device_orders_pk', ['tenant', 'id'])
    .execute();
  await db.schema
    .createIndex('device_orders_device')
    .on('device_orders')
    .columns(['device', 'state'])
    .execute();
}
