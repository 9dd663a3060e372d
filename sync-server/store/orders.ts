import type { Selectable } from 'kysely';
import { RoadbookError } from '../../shared/errors.ts';
import type { OrderKind, OrderTrust, Receipt, SignedOrder } from '../../shared/sync/orders.ts';
import type { Verdict } from '../../shared/sync/wire.ts';
import { Commit } from './commit.ts';
import { type DevicePerson, devicePeople, withDevices } from './device-people.ts';
import type { Db, Tx } from './dialect.ts';
import { type Environment, instant } from './environment.ts';
import { keyOf, signOrder } from './order-keys.ts';
import type { DeviceOrdersTable } from './schema.ts';
import { endSessions } from './sessions.ts';

export type OrderRow = Selectable<DeviceOrdersTable> & DevicePerson;

/** Who gives an order: an admin, the person whose device it is, or the command line. */
export interface OrderMaker {
  /** Id of a person; '' for the command line. */
  readonly id: string;
  readonly name: string;
}

/** Orders to devices to wipe themselves, signed by their company, and the receipts. */
export class DeviceOrders {
  readonly #db: Db;
  readonly #env: Environment;

  constructor(db: Db, env: Environment) {
    this.#db = db;
    this.#env = env;
  }

  /** What a device needs to know an order for its own. @param since its last sign-in */
  async trust(tenant: string, since: string): Promise<OrderTrust> {
    return { key: (await keyOf(this.#db, tenant)).public_key, since };
  }

  /**
   * Gives an order. `lost` takes the device its access at once and replaces a `leave` that is under way; the same order
   * given twice is one.
   * @throws record.not_found when the company does not know the device
   */
  async give(tenant: string, device: string, kind: OrderKind, by: OrderMaker): Promise<SignedOrder> {
    return this.#db.transaction().execute(async (tx) => {
      const commit = await Commit.begin(tx, this.#env, tenant);
      const known = await tx
        .selectFrom('devices')
        .select(['signed_in_at', 'revoked_at'])
        .where('tenant', '=', tenant)
        .where('id', '=', device)
        .executeTakeFirst();
      if (known === undefined) throw new RoadbookError('record.not_found');
      const open = await openOrder(tx, device, tenant);
      if (open !== undefined && (open.kind === kind || open.kind === 'lost')) return signedOf(open);
      if (open !== undefined) await settle(tx, open, 'cancelled', this.#now);
      const signed = await signOrder(tx, this.#env, tenant, device, kind, known.signed_in_at);
      const { order } = signed;
      await tx
        .insertInto('device_orders')
        .values({
          tenant,
          id: order.id,
          device,
          kind,
          at: order.at,
          made_by: by.id,
          made_by_name: by.name,
          nonce: order.nonce,
          json: JSON.stringify(signed),
          state: 'open',
          delivered_at: null,
          settled_at: null,
          wiped_at: null,
          unsent: null,
        })
        .execute();
      if (kind === 'lost') await this.#takeAccess(tx, tenant, device, known.revoked_at);
      commit.entry('device-ordered', {
        order: order.id,
        device,
        kind,
        user: by.id,
        by: by.name,
        at: order.at,
      });
      await commit.finish([]);
      return signed;
    });
  }

  /** The open order of a device that has proved to be it; from then on it counts as told. */
  async openFor(device: string, tenant: string): Promise<SignedOrder | undefined> {
    const open = await openOrder(this.#db, device, tenant);
    if (open === undefined) return undefined;
    if (open.delivered_at === null) {
      await this.#db
        .updateTable('device_orders')
        .set({ delivered_at: this.#now })
        .where('tenant', '=', open.tenant)
        .where('id', '=', open.id)
        .execute();
    }
    return signedOf(open);
  }

  /** Whether the device was told to leave and has not said yet that it did. */
  async isLeaving(tenant: string, device: string): Promise<boolean> {
    return (await openOrder(this.#db, device, tenant))?.kind === 'leave';
  }

  /** Notes what was taken in from a device that leaves. @param sizes changes per group */
  async took(
    tenant: string,
    device: string,
    verdicts: readonly Verdict[],
    sizes: ReadonlyMap<string, number>,
  ): Promise<void> {
    const sum = (status: Verdict['status']) =>
      verdicts
        .filter((verdict) => verdict.status === status)
        .reduce((total, { group }) => total + (sizes.get(group) ?? 0), 0);
    const [taken, held] = [sum('accepted'), sum('quarantined')];
    if (taken + held === 0) return;
    await this.#db
      .updateTable('device_orders')
      .set((eb) => ({ taken: eb('taken', '+', taken), held: eb('held', '+', held) }))
      .where('tenant', '=', tenant)
      .where('device', '=', device)
      .where('state', '=', 'open')
      .execute();
  }

  /**
   * The device says that it is wiped: the order is done, and the device may not sync any more. A receipt that comes again
   * changes nothing.
   * @throws record.not_found when the order is not known or the nonce is not its own
   */
  async receive(receipt: Receipt): Promise<void> {
    const found = await this.#db
      .selectFrom('device_orders')
      .selectAll()
      .where('id', '=', receipt.order)
      .where('nonce', '=', receipt.nonce)
      .executeTakeFirst();
    if (found === undefined) throw new RoadbookError('record.not_found');
    await this.#db.transaction().execute(async (tx) => {
      const { tenant, id, device, kind } = found;
      const commit = await Commit.begin(tx, this.#env, tenant);
      const done = await tx
        .updateTable('device_orders')
        .set({
          state: 'done',
          settled_at: this.#now,
          wiped_at: receipt.wipedAt,
          unsent: receipt.unsent,
          delivered_at: found.delivered_at ?? this.#now,
        })
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .where('state', '<>', 'done')
        .returning(['taken', 'held'])
        .executeTakeFirst();
      if (done === undefined) return;
      await tx
        .updateTable('devices')
        .set({ waiting: 0, holds: '[]' })
        .where('tenant', '=', tenant)
        .where('id', '=', device)
        .execute();
      await this.#takeAccess(tx, tenant, device, null);
      const { taken, held } = done;
      const { wipedAt, unsent } = receipt;
      commit.entry('device-wiped', { order: id, device, kind, taken, held, unsent, wipedAt, at: this.#now });
      await commit.finish([]);
    });
  }

  /** Newest first. */
  async list(tenant: string): Promise<OrderRow[]> {
    const orders = await this.#db
      .selectFrom('device_orders')
      .selectAll()
      .where('tenant', '=', tenant)
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .execute();
    return withDevices(orders, await devicePeople(this.#db, tenant));
  }

  get #now(): string {
    return instant(this.#env.now());
  }

  async #takeAccess(tx: Tx, tenant: string, device: string, revokedAt: string | null): Promise<void> {
    await tx
      .updateTable('devices')
      .set({ revoked_at: revokedAt ?? this.#now })
      .where('tenant', '=', tenant)
      .where('id', '=', device)
      .execute();
    await endSessions(tx, tenant, device, 'revoked', this.#now);
  }
}

/** Takes back what a device was ordered; what it has done already stays done. */
export async function cancelOrders(tx: Tx, tenant: string, device: string, now: string): Promise<void> {
  await tx
    .updateTable('device_orders')
    .set({ state: 'cancelled', settled_at: now })
    .where('tenant', '=', tenant)
    .where('device', '=', device)
    .where('state', '=', 'open')
    .execute();
}

async function openOrder(db: Db | Tx, device: string, tenant: string) {
  return db
    .selectFrom('device_orders')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('device', '=', device)
    .where('state', '=', 'open')
    .executeTakeFirst();
}

async function settle(
  tx: Tx,
  { tenant, id }: { tenant: string; id: string },
  state: 'cancelled',
  now: string,
): Promise<void> {
  await tx
    .updateTable('device_orders')
    .set({ state, settled_at: now })
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .execute();
}

function signedOf({ json }: { json: string }): SignedOrder {
  return JSON.parse(json) as SignedOrder;
}
