import type { Selectable } from 'kysely';
import { Commit } from './commit.ts';
import { devicesWithPeople } from './device-people.ts';
import type { Db } from './dialect.ts';
import { type Environment, instant } from './environment.ts';
import { cancelOrders } from './orders.ts';
import type { DevicesTable } from './schema.ts';
import { endSessions } from './sessions.ts';

type Device = Selectable<DevicesTable>;

/** Bounds of the longest time offline, in days. */
export const OFFLINE_DAYS = { least: 1, most: 3650 } as const;

/** The devices of a company, as its admins look after them. */
export class Devices {
  readonly #db: Db;
  readonly #env: Environment;

  constructor(db: Db, env: Environment) {
    this.#db = db;
    this.#env = env;
  }

  get #now(): string {
    return instant(this.#env.now());
  }

  /**
   * Takes a device its access. It never wipes anything: that needs a signed order.
   * @param by who did it, for the audit log
   * @returns false when the company does not know it
   */
  revoke(tenant: string, device: string, by = 'command line'): Promise<boolean> {
    return this.#db.transaction().execute(async (tx) => {
      const commit = await Commit.begin(tx, this.#env, tenant);
      const done = await tx
        .updateTable('devices')
        .set((eb) => ({ revoked_at: eb.fn.coalesce('revoked_at', eb.val(this.#now)) }))
        .where('tenant', '=', tenant)
        .where('id', '=', device)
        .executeTakeFirst();
      if (done.numUpdatedRows === 0n) return false;
      await endSessions(tx, tenant, device, 'revoked', this.#now);
      commit.entry('device-revoked', { device, by, at: this.#now });
      await commit.finish([]);
      return true;
    });
  }

  /**
   * Gives a device its access back: its person signs in on it again. An order that it has not followed yet is taken back.
   * @returns false when the company does not know it
   */
  allow(tenant: string, device: string, by = 'command line'): Promise<boolean> {
    return this.#db.transaction().execute(async (tx) => {
      const commit = await Commit.begin(tx, this.#env, tenant);
      const done = await tx
        .updateTable('devices')
        .set({ revoked_at: null })
        .where('tenant', '=', tenant)
        .where('id', '=', device)
        .executeTakeFirst();
      if (done.numUpdatedRows === 0n) return false;
      await cancelOrders(tx, tenant, device, this.#now);
      commit.entry('device-allowed', { device, by, at: this.#now });
      await commit.finish([]);
      return true;
    });
  }

  /** Names a device for good. @returns false when the company does not know it */
  rename(tenant: string, device: string, name: string, by = 'command line'): Promise<boolean> {
    return this.#db.transaction().execute(async (tx) => {
      const commit = await Commit.begin(tx, this.#env, tenant);
      const done = await tx
        .updateTable('devices')
        .set({ name, named_by_admin: 1 })
        .where('tenant', '=', tenant)
        .where('id', '=', device)
        .executeTakeFirst();
      if (done.numUpdatedRows === 0n) return false;
      commit.entry('device-named', { device, name, by, at: this.#now });
      await commit.finish([]);
      return true;
    });
  }

  /** Days that a device of the company may stay away before its person must sign in again. */
  async offlineDays(tenant: string): Promise<number> {
    const { offline_days: days } = await this.#db
      .selectFrom('tenants')
      .select('offline_days')
      .where('id', '=', tenant)
      .executeTakeFirstOrThrow();
    return Number(days);
  }

  /** @param days whole, within OFFLINE_DAYS; a shorter time counts at once, a longer one from each next contact */
  setOfflineDays(tenant: string, days: number, by = 'command line'): Promise<void> {
    return this.#db.transaction().execute(async (tx) => {
      const commit = await Commit.begin(tx, this.#env, tenant);
      await tx.updateTable('tenants').set({ offline_days: days }).where('id', '=', tenant).execute();
      commit.entry('longest-offline', { days, by, at: this.#now });
      await commit.finish([]);
    });
  }

  /** Devices whose last session ended because its token was used twice, and who have not signed in since. */
  async copied(tenant: string): Promise<Set<string>> {
    const found = await this.#db
      .selectFrom('sessions')
      .select('device')
      .where('tenant', '=', tenant)
      .where('ended_because', '=', 'reused')
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('sessions as later')
              .select('later.id')
              .whereRef('later.tenant', '=', 'sessions.tenant')
              .whereRef('later.device', '=', 'sessions.device')
              .whereRef('later.created_at', '>', 'sessions.created_at'),
          ),
        ),
      )
      .execute();
    return new Set(found.map(({ device }) => device));
  }

  list(tenant: string): Promise<(Device & { user_name: string; user_active: number })[]> {
    return devicesWithPeople(this.#db, tenant)
      .selectAll('devices')
      .select(['users.name as user_name', 'users.active as user_active'])
      .orderBy('devices.last_seen_at', 'desc')
      .execute();
  }

  /** Whether this device has signed in as this person before. */
  async isKnown(tenant: string, user: string, device: string): Promise<boolean> {
    const found = await this.#db
      .selectFrom('devices')
      .select('id')
      .where('tenant', '=', tenant)
      .where('id', '=', device)
      .where('user', '=', user)
      .executeTakeFirst();
    return found !== undefined;
  }
}
