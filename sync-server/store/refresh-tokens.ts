import type { Tx } from './dialect.ts';
import { type Environment, instant, sha256 } from './environment.ts';

export const DAY = 86_400_000;

/** A new token of a session, which lasts as long as the company lets a device stay away. @param parent hash of the token that it follows */
export async function issueToken(
  tx: Tx,
  env: Environment,
  tenant: string,
  session: string,
  parent: string | null,
): Promise<string> {
  const { offline_days: days } = await tx
    .selectFrom('tenants')
    .select('offline_days')
    .where('id', '=', tenant)
    .executeTakeFirstOrThrow();
  const token = Buffer.from(env.random(32)).toString('base64url');
  await tx
    .insertInto('refresh_tokens')
    .values({
      hash: sha256(token),
      session,
      parent,
      issued_at: instant(env.now()),
      expires_at: instant(env.now() + Number(days) * DAY),
      used_at: null,
    })
    .execute();
  return token;
}

/** Whether a token that was given out for this one has been used: then this one is worth nothing any more. */
export async function successorWasUsed(tx: Tx, hash: string): Promise<boolean> {
  const used = await tx
    .selectFrom('refresh_tokens')
    .select('hash')
    .where('parent', '=', hash)
    .where('used_at', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return used !== undefined;
}
