import type { Kysely } from 'kysely';

/** Companies, their people, the people's devices and sessions. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('meta')
    .addColumn('key', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('tenants')
    .addColumn('id', 'varchar(36)', (column) => column.primaryKey())
    .addColumn('slug', 'varchar(64)', (column) => column.notNull().unique())
    .addColumn('name', 'varchar(249)', (column) => column.notNull())
    .addColumn('counter', 'bigint', (column) => column.notNull())
    .addColumn('log_seq', 'bigint', (column) => column.notNull())
    .addColumn('log_head', 'varchar(64)', (column) => column.notNull())
    .addColumn('created_at', 'varchar(32)', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('users')
    .addColumn('id', 'varchar(36)', (column) => column.primaryKey())
    .addColumn('tenant', 'varchar(36)', (column) => column.notNull().references('tenants.id'))
    .addColumn('email', 'varchar(254)', (column) => column.notNull().unique())
    .addColumn('name', 'varchar(249)', (column) => column.notNull())
    .addColumn('role', 'varchar(32)', (column) => column.notNull())
    .addColumn('team', 'varchar(36)', (column) => column.notNull())
    .addColumn('territory', 'varchar(36)', (column) => column.notNull())
    .addColumn('password_hash', 'varchar(255)')
    .addColumn('active', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'varchar(32)', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('devices')
    .addColumn('tenant', 'varchar(36)', (column) => column.notNull().references('tenants.id'))
    .addColumn('id', 'varchar(36)', (column) => column.notNull())
    .addColumn('user', 'varchar(36)', (column) => column.notNull().references('users.id'))
    .addColumn('name', 'varchar(100)', (column) => column.notNull())
    .addColumn('platform', 'varchar(40)', (column) => column.notNull())
    .addColumn('app', 'varchar(40)', (column) => column.notNull())
    .addColumn('created_at', 'varchar(32)', (column) => column.notNull())
    .addColumn('last_seen_at', 'varchar(32)', (column) => column.notNull())
    .addColumn('last_sync_at', 'varchar(32)')
    .addColumn('position', 'bigint', (column) => column.notNull())
    .addColumn('waiting', 'integer', (column) => column.notNull())
    .addColumn('revoked_at', 'varchar(32)')
    .addPrimaryKeyConstraint('devices_pk', ['tenant', 'id'])
    .execute();

  await db.schema
    .createTable('sessions')
    .addColumn('id', 'varchar(36)', (column) => column.primaryKey())
    .addColumn('tenant', 'varchar(36)', (column) => column.notNull())
    .addColumn('user', 'varchar(36)', (column) => column.notNull())
    .addColumn('device', 'varchar(36)', (column) => column.notNull())
    .addColumn('created_at', 'varchar(32)', (column) => column.notNull())
    .addColumn('ended_at', 'varchar(32)')
    .addColumn('ended_because', 'varchar(32)')
    .execute();
  await db.schema.createIndex('sessions_device').on('sessions').columns(['tenant', 'device']).execute();

  await db.schema
    .createTable('refresh_tokens')
    .addColumn('hash', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('session', 'varchar(36)', (column) => column.notNull().references('sessions.id'))
    .addColumn('parent', 'varchar(64)')
    .addColumn('issued_at', 'varchar(32)', (column) => column.notNull())
    .addColumn('expires_at', 'varchar(32)', (column) => column.notNull())
    .addColumn('used_at', 'varchar(32)')
    .execute();
  await db.schema.createIndex('refresh_tokens_parent').on('refresh_tokens').column('parent').execute();
  await db.schema.createIndex('refresh_tokens_session').on('refresh_tokens').column('session').execute();

  await db.schema
    .createTable('admin_sessions')
    .addColumn('hash', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('tenant', 'varchar(36)', (column) => column.notNull())
    .addColumn('user', 'varchar(36)', (column) => column.notNull())
    .addColumn('created_at', 'varchar(32)', (column) => column.notNull())
    .addColumn('expires_at', 'varchar(32)', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('memberships')
    .addColumn('tenant', 'varchar(36)', (column) => column.notNull())
    .addColumn('user', 'varchar(36)', (column) => column.notNull())
    .addColumn('bucket', 'varchar(100)', (column) => column.notNull())
    .addPrimaryKeyConstraint('memberships_pk', ['tenant', 'user', 'bucket'])
    .execute();
}
