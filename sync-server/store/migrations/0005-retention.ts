import type { Kysely } from 'kysely';

/** When a mutation was decided, so that it can be forgotten once no device can send it again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('mutations')
    .addColumn('at', 'varchar(32)', (column) => column.notNull().defaultTo(''))
    .execute();
  // Those of before are kept as long as if they had come today.
  await db
    .withTables<{ mutations: { at: string } }>()
    .updateTable('mutations')
    .set({ at: new Date().toISOString() })
    .execute();
  await db.schema.createIndex('mutations_at').on('mutations').columns(['tenant', 'at']).execute();
  await db.schema.createIndex('verdicts_at').on('verdicts').columns(['tenant', 'at']).execute();
}
