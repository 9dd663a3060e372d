import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { uuidv7 } from '../../shared/sync/ids.ts';
import { type Order, type OrderKind, orderText, type SignedOrder } from '../../shared/sync/orders.ts';
import type { Db, Tx } from './dialect.ts';
import { type Environment, hex, instant } from './environment.ts';
import type { OrderKeysTable } from './schema.ts';

/** @param since the last sign-in of the device, which an order must be newer than */
export async function signOrder(
  tx: Tx,
  env: Environment,
  tenant: string,
  device: string,
  kind: OrderKind,
  since: string,
): Promise<SignedOrder> {
  const { private_key: pem } = await keyOf(tx, tenant);
  // A clock that was set back must not make a new order look older than the sign-in.
  const at = Math.max(env.now(), since === '' ? 0 : Date.parse(since) + 1);
  const order: Order = {
    id: uuidv7(env.now(), env.random),
    tenant,
    device,
    kind,
    at: instant(at),
    nonce: hex(env.random(16)),
  };
  const signature = sign(null, Buffer.from(orderText(order)), createPrivateKey(pem)).toString('base64url');
  return { order, signature };
}

/** What a company signs its orders with. Made when it is first wanted; of two processes that want it at once one wins. */
export async function keyOf(db: Db | Tx, tenant: string): Promise<OrderKeysTable> {
  const read = () => db.selectFrom('order_keys').selectAll().where('tenant', '=', tenant).executeTakeFirst();
  const known = await read();
  if (known !== undefined) return known;
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  await db
    .insertInto('order_keys')
    .values({
      tenant,
      public_key: publicKey.export({ format: 'jwk' }).x ?? '',
      private_key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    })
    .onConflict((conflict) => conflict.column('tenant').doNothing())
    .execute();
  const made = await read();
  if (made === undefined) throw new Error('the key of a company was not kept');
  return made;
}
