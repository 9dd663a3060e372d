import type { Kysely } from 'kysely';

/** Up to where a verified backup holds everything of a company. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('tenants')
    .addColumn('durable_through', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
}
