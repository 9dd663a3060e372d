import { sql } from 'kysely';
import { devicePeople, devicesWithPeople, withDevices } from './device-people.ts';
import { chunks, type Db, snapshot } from './dialect.ts';
import { type Environment, instant } from './environment.ts';
import type { Principal } from './principal.ts';
import { bucketsOfPeople, isWithdrawn, sightOf } from './sight.ts';

/** Lines with a receipt that are listed at once. */
const CONFIRMED_LISTED = 1_000;

/** A bucket that a device was, or is still to be, told to let go. */
export interface Withdrawal {
  readonly user: string;
  readonly userName: string;
  readonly device: string;
  readonly deviceName: string;
  readonly bucket: string;
  /** pending: at its next contact; told: it has the order; confirmed: it holds the bucket no more. */
  readonly state: 'pending' | 'told' | 'confirmed';
  readonly toldAt: string | null;
  readonly confirmedAt: string | null;
  /** Rows that left the device in the sync that confirmed it. */
  readonly rows: number;
}

/** Whether one device holds one record, as far as its last receipt says. */
export interface Holding {
  readonly device: string;
  readonly deviceName: string;
  readonly user: string;
  readonly userName: string;
  readonly holds: boolean;
  /** End of the last sync that told. */
  readonly asOf: string | null;
}

/** What devices hold, what they were told to let go, and their receipts. */
export class Withdrawals {
  readonly #db: Db;
  readonly #env: Environment;

  constructor(db: Db, env: Environment) {
    this.#db = db;
    this.#env = env;
  }

  /**
   * The device has been told to let go of buckets. What it is told again before its receipt is one withdrawal. Nothing is
   * withdrawn from somebody who has come to see the whole company: other buckets only make room for the company's.
   */
  async told(principal: Principal, buckets: readonly string[]): Promise<void> {
    if (buckets.length === 0) return;
    const { tenant, device } = principal;
    const told_at = instant(this.#env.now());
    await this.#db.transaction().execute(async (tx) => {
      // Written first, so that of two answers to one device the second one sees the line of the first.
      await tx
        .updateTable('devices')
        .set((eb) => ({ holds: eb.ref('holds') }))
        .where('tenant', '=', tenant)
        .where('id', '=', device)
        .execute();
      const seen = (await sightOf(tx, principal)).buckets;
      const withdrawn = buckets.filter((bucket) => isWithdrawn(tenant, bucket, seen));
      const open = await tx
        .selectFrom('withdrawals')
        .select('bucket')
        .where('tenant', '=', tenant)
        .where('device', '=', device)
        .where('confirmed_at', 'is', null)
        .execute();
      const known = new Set(open.map(({ bucket }) => bucket));
      const fresh = withdrawn
        .filter((bucket) => !known.has(bucket))
        .map((bucket) => ({ tenant, device, bucket, told_at, confirmed_at: null, rows: 0 }));
      for (const part of chunks(fresh)) {
        await tx
          .insertInto('withdrawals')
          .values(part)
          // Told, confirmed and told again within a millisecond: it waits for its receipt again.
          .onConflict((conflict) =>
            conflict
              .columns(['tenant', 'device', 'bucket', 'told_at'])
              .doUpdateSet({ confirmed_at: null, rows: 0 }),
          )
          .execute();
      }
    });
  }

  /** A device says what it holds at the end of a sync: the receipt for everything else. */
  async received({ tenant, device }: Principal, holds: readonly string[], rows: number): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      await tx
        .updateTable('devices')
        .set({ holds: JSON.stringify(holds) })
        .where('tenant', '=', tenant)
        .where('id', '=', device)
        .execute();
      await tx
        .updateTable('withdrawals')
        .set({ confirmed_at: instant(this.#env.now()), rows })
        .where('tenant', '=', tenant)
        .where('device', '=', device)
        .where('confirmed_at', 'is', null)
        .$if(holds.length > 0, (query) => query.where('bucket', 'not in', holds))
        .execute();
    });
  }

  /**
   * Newest orders first, before them what devices do not know yet. All that wait for a receipt, however old, and the newest
   * of those that have one.
   */
  async list(tenant: string): Promise<Withdrawal[]> {
    const told = await snapshot(this.#db, async (tx) => {
      const lines = tx
        .selectFrom('withdrawals')
        .selectAll()
        .where('tenant', '=', tenant)
        .orderBy('told_at', 'desc');
      const open = await lines.where('confirmed_at', 'is', null).execute();
      const confirmed = await lines.where('confirmed_at', 'is not', null).limit(CONFIRMED_LISTED).execute();
      return [...open, ...confirmed].sort(newestFirst);
    });
    const known = withDevices(told, await devicePeople(this.#db, tenant)).map((one): Withdrawal => {
      const { user, userName, device, deviceName, bucket, rows } = one;
      const confirmedAt = one.confirmed_at;
      const state = confirmedAt === null ? 'told' : 'confirmed';
      return { user, userName, device, deviceName, bucket, rows, state, toldAt: one.told_at, confirmedAt };
    });
    const waiting = new Set(known.filter(({ state }) => state === 'told').map(orderOf));
    const pending = (await this.#pending(tenant)).filter((one) => !waiting.has(orderOf(one)));
    return [...pending, ...known];
  }

  /** What devices held at their last receipt and their person sees no more. */
  async #pending(tenant: string): Promise<Withdrawal[]> {
    const devices = await this.#devices(tenant);
    const bucketsOf = await snapshot(this.#db, (tx) => bucketsOfPeople(tx, tenant));
    return devices.flatMap(({ id: device, name: deviceName, userName, holds, ...viewer }): Withdrawal[] => {
      const { user } = viewer;
      const seen = bucketsOf(viewer);
      const rest = { state: 'pending', toldAt: null, confirmedAt: null, rows: 0 } as const;
      return holds
        .filter((bucket) => isWithdrawn(tenant, bucket, seen))
        .map((bucket) => ({ user, userName, device, deviceName, bucket, ...rest }));
    });
  }

  /** Which devices hold a record: one reason that they hold, at a number that they have reached, is enough. */
  async holders(tenant: string, record: string): Promise<Holding[]> {
    const entries = await this.#db
      .selectFrom('bucket_log')
      .select(['bucket', 'op', 'number'])
      .where('tenant', '=', tenant)
      .where('id', '=', record)
      .execute();
    return (await this.#devices(tenant)).map((device) => ({
      device: device.id,
      deviceName: device.name,
      user: device.user,
      userName: device.userName,
      asOf: device.asOf,
      holds: entries.some(({ bucket, op, number }) => {
        const reached = device.position >= Number(number);
        return device.holds.includes(bucket) && (op === 'put') === reached;
      }),
    }));
  }

  async #devices(tenant: string) {
    const devices = await devicesWithPeople(this.#db, tenant)
      .select(['devices.id', 'devices.name', 'devices.user', 'devices.holds', 'devices.position'])
      .select(['devices.last_sync_at as asOf', 'users.name as userName'])
      .select(['users.role', 'users.team', 'users.territory'])
      .where(sql<boolean>`devices.holds <> '[]'`)
      .execute();
    return devices.map((device) => ({
      ...device,
      position: Number(device.position),
      holds: JSON.parse(device.holds) as string[],
    }));
  }
}

const newestFirst = (a: { told_at: string }, b: { told_at: string }): number =>
  a.told_at === b.told_at ? 0 : a.told_at > b.told_at ? -1 : 1;

const orderOf = ({ device, bucket }: { device: string; bucket: string }): string => `${device} ${bucket}`;
