import type { Db } from './dialect.ts';
import { type Environment, hex } from './environment.ts';
import type { Origin } from './pull.ts';

/** Epoch and incarnation; made when the database is. */
export async function originOf(db: Db, env: Environment): Promise<Origin> {
  const fresh = () => hex(env.random(16));
  return {
    epoch: await readMeta(db, 'epoch', fresh),
    incarnation: await readMeta(db, 'incarnation', fresh),
  };
}

/** After a restore: devices notice that what they were told is not all there any more. */
export async function newEpoch(db: Db, env: Environment): Promise<void> {
  await originOf(db, env);
  await db
    .updateTable('meta')
    .set({ value: hex(env.random(16)) })
    .where('key', '=', 'epoch')
    .execute();
}

/** Commit number up to which a verified backup holds everything of a company; 0 while there is none. */
export async function durableThroughOf(db: Db, tenant: string): Promise<number> {
  const found = await db
    .selectFrom('tenants')
    .select('durable_through')
    .where('id', '=', tenant)
    .executeTakeFirst();
  return Number(found?.durable_through ?? 0);
}

/** Reads a fact about the database; makes it when it is not there. Of two processes that start at once one wins. */
async function readMeta(db: Db, key: string, make: () => string): Promise<string> {
  const read = () => db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst();
  const known = await read();
  if (known !== undefined) return known.value;
  await db
    .insertInto('meta')
    .values({ key, value: make() })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
  return (await read())?.value ?? make();
}
