import type { Kysely } from 'kysely';

/** Refresh tokens are looked for by the day on which they end, so that those can be forgotten. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('refresh_tokens_expiry').on('refresh_tokens').column('expires_at').execute();
}
