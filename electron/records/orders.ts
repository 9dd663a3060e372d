import { createPublicKey, verify } from 'node:crypto';
import { Check } from 'typebox/value';
import { type Order, type OrderTrust, orderText, SignedOrder } from '../../shared/sync/orders.ts';
import type { StoredSession } from './stored-session.ts';

/** Why an order is not followed. */
export type Ignored = 'malformed' | 'no-key' | 'company' | 'device' | 'old' | 'signature';

/**
 * Reads what came as an order. Only one that this device's own company has signed for this very device after its last
 * sign-in is an order: anything else, whoever sent it, is ignored.
 */
export function readOrder(
  given: unknown,
  session: Pick<StoredSession, 'device' | 'user' | 'orders'>,
): { readonly order: Order } | { readonly ignored: Ignored } {
  if (!Check(SignedOrder, given)) return { ignored: 'malformed' };
  const { order, signature } = given;
  if (session.orders === undefined) return { ignored: 'no-key' };
  if (order.tenant !== session.user.tenant) return { ignored: 'company' };
  if (order.device !== session.device.id) return { ignored: 'device' };
  if (!(Date.parse(order.at) > Date.parse(session.orders.since))) return { ignored: 'old' };
  return isSigned(order, signature, session.orders) ? { order } : { ignored: 'signature' };
}

function isSigned(order: Order, signature: string, { key }: OrderTrust): boolean {
  try {
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key }, format: 'jwk' });
    return verify(null, Buffer.from(orderText(order)), publicKey, Buffer.from(signature, 'base64url'));
  } catch {
    // A key or a signature of another form: nothing that was signed.
    return false;
  }
}
