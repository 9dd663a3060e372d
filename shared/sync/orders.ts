import { type Static, Type } from 'typebox';
import { schemas } from '../model/field.ts';
import { canonical } from './canonical.ts';

/**
 * What a company may order a device to do:
 * - leave: send everything that waits, then wipe; the server takes in what it cannot apply as well
 * - lost: wipe at once
 */
export const OrderKind = Type.Union([Type.Literal('leave'), Type.Literal('lost')]);
export type OrderKind = Static<typeof OrderKind>;

/** The only thing that ever makes a device wipe itself, and only with the signature of its own company. */
export const Order = Type.Object(
  {
    id: schemas.Id,
    tenant: schemas.Id,
    device: schemas.Id,
    kind: OrderKind,
    /** By the server's clock; always later than the last sign-in of the device, so that an old order is known as such. */
    at: schemas.Instant,
    /** 32 hex digits. Whoever shows it has received the order: the receipt carries it. */
    nonce: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  },
  { additionalProperties: false },
);
export type Order = Static<typeof Order>;

export const SignedOrder = Type.Object({
  order: Order,
  /** Ed25519 over orderText(), base64url. */
  signature: Type.String({ maxLength: 128 }),
});
export type SignedOrder = Static<typeof SignedOrder>;

/** What is signed: begins with words of its own, so that no other signature of the server ever fits. */
export function orderText(order: Order): string {
  return `roadbook device order 1\n${canonical(order)}`;
}

/** What a device needs to know an order for its own; given at sign-in. */
export const OrderTrust = Type.Object({
  /** Public key of the company, Ed25519: the 32 bytes, base64url. */
  key: Type.String({ minLength: 43, maxLength: 43 }),
  /** The last sign-in of this device, by the server's clock. Orders of before are over. */
  since: schemas.Instant,
});
export type OrderTrust = Static<typeof OrderTrust>;

export const LeaveRequest = Type.Object({}, { additionalProperties: false });

export const LeaveResponse = Type.Object({ order: SignedOrder });
export type LeaveResponse = Static<typeof LeaveResponse>;

/** A device says that it is wiped. Its tokens are gone with the rest: the nonce of the order stands for it. */
export const Receipt = Type.Object({
  order: schemas.Id,
  nonce: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  /** By the clock of the device. */
  wipedAt: schemas.Instant,
  /** Changes that were not sent and went with the rest; 0 after `leave`. Null where the records were locked. */
  unsent: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
});
export type Receipt = Static<typeof Receipt>;
