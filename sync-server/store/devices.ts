import type { Selectable } from 'kysely';
import { RoadbookError } from '../../shared/errors.ts';
import { uuidv7 } from '../../shared/sync/ids.ts';
import { Commit } from './commit.ts';
import type { Db, Tx } from './dialect.ts';
import { type Environment, instant, sha256 } from './environment.ts';
import { cancelOrders } from './orders.ts';
import type { DevicesTable, UsersTable } from './schema.ts';

type Device = Selectable<DevicesTable>;

const DAY = 86_400_000;
/** Bounds of the longest time offline, in days. */
export const OFFLINE_DAYS = { least: 1, most: 3650 } as const;

export interface NewDevice {
  readonly id: string;
  readonly name: string;
  readonly platform: string;
  readonly app: string;
}

export interface Session {
  readonly id: string;
  /** Given once; the server keeps only its hash. */
  readonly refreshToken: string;
  readonly tenant: string;
  /** The last sign-in of the device; '' for one of before that was kept. */
  readonly signedInAt: string;
}

/** Who the device is that a token was once given to, and why its session is over. */
export interface TokenOwner {
  readonly tenant: string;
  readonly session: string;
}

/** Devices, their sessions and refresh tokens. */
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
   * Registers or renews a device for a person whose password was right, ends its earlier session, starts a new one and
   * writes the sign-in into the company's audit log.
   * @throws auth.device_revoked, auth.person_disabled
   */
  signIn(user: UsersTable, device: NewDevice, address: string): Promise<Session> {
    return this.#db.transaction().execute(async (tx) => {
      const commit = await Commit.begin(tx, this.#env, user.tenant);
      const known = await tx
        .selectFrom('devices')
        .select(['revoked_at', 'named_by_admin'])
        .where('tenant', '=', user.tenant)
        .where('id', '=', device.id)
        .executeTakeFirst();
      if (known !== undefined && known.revoked_at !== null) throw new RoadbookError('auth.device_revoked');
      const named = Number(known?.named_by_admin ?? 0) === 1;
      // Read again under the lock of the commit: the person may have been switched off since the password was checked.
      const person = await tx
        .selectFrom('users')
        .select('active')
        .where('id', '=', user.id)
        .executeTakeFirst();
      if (person?.active !== 1) throw new RoadbookError('auth.person_disabled');
      await tx
        .insertInto('devices')
        .values({
          tenant: user.tenant,
          user: user.id,
          ...device,
          created_at: this.#now,
          last_seen_at: this.#now,
          last_sync_at: null,
          position: 0,
          waiting: 0,
          revoked_at: null,
          signed_in_at: this.#now,
        })
        .onConflict((conflict) =>
          conflict.columns(['tenant', 'id']).doUpdateSet((eb) => ({
            user: eb.ref('excluded.user'),
            // The name that an admin gave stays.
            name: named ? eb.ref('devices.name') : eb.ref('excluded.name'),
            signed_in_at: eb.ref('excluded.signed_in_at'),
            platform: eb.ref('excluded.platform'),
            app: eb.ref('excluded.app'),
            last_seen_at: eb.ref('excluded.last_seen_at'),
          })),
        )
        .execute();
      await this.#end(tx, user.tenant, device.id, 'replaced');
      const session = uuidv7(this.#env.now(), this.#env.random);
      await tx
        .insertInto('sessions')
        .values({
          id: session,
          tenant: user.tenant,
          user: user.id,
          device: device.id,
          created_at: this.#now,
          ended_at: null,
          ended_because: null,
        })
        .execute();
      const refreshToken = await this.#issue(tx, user.tenant, session, null);
      commit.entry('sign-in', {
        user: user.id,
        device: device.id,
        deviceName: device.name,
        address,
        at: this.#now,
      });
      await commit.finish([]);
      return { id: session, refreshToken, tenant: user.tenant, signedInAt: this.#now };
    });
  }

  /**
   * Changes a refresh token for a new one. An old token whose successors were all never used is answered again: the
   * answer was lost on the way. A token that comes back after its successor was used has been copied, and its session
   * ends and the admin is told; nothing on any device is touched by that.
   * @param address where it came from, for the audit log
   * @throws auth.token_invalid, auth.token_reused, auth.device_revoked, auth.person_disabled
   */
  async refresh(token: string, device: string, address = ''): Promise<Session> {
    const outcome = await this.#db.transaction().execute(async (tx) => {
      const hash = sha256(token);
      // The session is written first: that takes the lock, so that the tokens of one family are decided one after the
      // other, also two of one parent.
      await tx
        .updateTable('sessions')
        .set((eb) => ({ ended_at: eb.ref('ended_at') }))
        .where('id', 'in', (eb) =>
          eb.selectFrom('refresh_tokens').select('session').where('refresh_tokens.hash', '=', hash),
        )
        .execute();
      const found = await tx
        .selectFrom('refresh_tokens')
        .innerJoin('sessions', 'sessions.id', 'refresh_tokens.session')
        .innerJoin('users', 'users.id', 'sessions.user')
        .innerJoin('tenants', 'tenants.id', 'sessions.tenant')
        .innerJoin('devices', (join) =>
          join.onRef('devices.tenant', '=', 'sessions.tenant').onRef('devices.id', '=', 'sessions.device'),
        )
        .select([
          'refresh_tokens.parent',
          'refresh_tokens.issued_at as issuedAt',
          'refresh_tokens.expires_at as expiresAt',
          'refresh_tokens.used_at as usedAt',
          'sessions.id as session',
          'sessions.tenant',
          'sessions.device',
          'sessions.user',
          'users.active',
          'tenants.offline_days as offlineDays',
          'devices.signed_in_at as signedInAt',
          'sessions.ended_because as endedBecause',
        ])
        .where('refresh_tokens.hash', '=', hash)
        .executeTakeFirst();
      if (found === undefined || found.device !== device) return 'auth.token_invalid' as const;
      if (found.active !== 1) return 'auth.person_disabled' as const;
      if (found.endedBecause === 'revoked') return 'auth.device_revoked' as const;
      if (found.endedBecause === 'reused') return 'auth.token_reused' as const;
      if (found.endedBecause !== null || found.expiresAt < this.#now) return 'auth.token_invalid' as const;
      // Shortened since this token was given: the company's word of today counts.
      const longest = Date.parse(found.issuedAt) + Number(found.offlineDays) * DAY;
      if (longest < this.#env.now()) return 'auth.token_invalid' as const;
      const stale =
        (await this.#successorWasUsed(tx, hash)) ||
        (found.usedAt === null && found.parent !== null && (await this.#successorWasUsed(tx, found.parent)));
      if (stale) {
        await this.#end(tx, found.tenant, found.device, 'reused');
        const commit = await Commit.begin(tx, this.#env, found.tenant);
        commit.entry('token-reused', { user: found.user, device: found.device, address, at: this.#now });
        await commit.finish([]);
        return 'auth.token_reused' as const;
      }
      await tx
        .updateTable('refresh_tokens')
        .set({ used_at: this.#now })
        .where('hash', '=', hash)
        .where('used_at', 'is', null)
        .execute();
      await tx
        .updateTable('devices')
        .set({ last_seen_at: this.#now })
        .where('tenant', '=', found.tenant)
        .where('id', '=', found.device)
        .execute();
      const { session: id, tenant, signedInAt } = found;
      return { id, tenant, signedInAt, refreshToken: await this.#issue(tx, tenant, id, hash) };
    });
    if (typeof outcome === 'string') throw new RoadbookError(outcome);
    return outcome;
  }

  /**
   * Whose a refresh token is, whatever has become of its session since: a device that leaves proves with it that what it
   * sends is its own.
   */
  ownerOf(token: string, device: string): Promise<TokenOwner | undefined> {
    return this.#db
      .selectFrom('refresh_tokens')
      .innerJoin('sessions', 'sessions.id', 'refresh_tokens.session')
      .select(['sessions.tenant', 'sessions.id as session'])
      .where('refresh_tokens.hash', '=', sha256(token))
      .where('sessions.device', '=', device)
      .executeTakeFirst();
  }

  signOut(tenant: string, device: string): Promise<void> {
    return this.#db.transaction().execute((tx) => this.#end(tx, tenant, device, 'signed-out'));
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
      await this.#end(tx, tenant, device, 'revoked');
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
    return this.#db
      .selectFrom('devices')
      .innerJoin('users', 'users.id', 'devices.user')
      .selectAll('devices')
      .select(['users.name as user_name', 'users.active as user_active'])
      .where('devices.tenant', '=', tenant)
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

  /** Of the given sessions, those that have ended, and those whose device is to be told of an order. */
  async ended(sessions: readonly string[]): Promise<Set<string>> {
    if (sessions.length === 0) return new Set();
    const found = await this.#db
      .selectFrom('sessions')
      .select('id')
      .where('id', 'in', sessions)
      .where((eb) =>
        eb.or([
          eb('ended_at', 'is not', null),
          eb.exists(
            eb
              .selectFrom('device_orders')
              .select('device_orders.id')
              .whereRef('device_orders.tenant', '=', 'sessions.tenant')
              .whereRef('device_orders.device', '=', 'sessions.device')
              .where('device_orders.state', '=', 'open')
              .where('device_orders.delivered_at', 'is', null),
          ),
        ]),
      )
      .execute();
    return new Set(found.map(({ id }) => id));
  }

  async #issue(tx: Tx, tenant: string, session: string, parent: string | null): Promise<string> {
    const { offline_days: days } = await tx
      .selectFrom('tenants')
      .select('offline_days')
      .where('id', '=', tenant)
      .executeTakeFirstOrThrow();
    const token = Buffer.from(this.#env.random(32)).toString('base64url');
    await tx
      .insertInto('refresh_tokens')
      .values({
        hash: sha256(token),
        session,
        parent,
        issued_at: this.#now,
        expires_at: instant(this.#env.now() + Number(days) * DAY),
        used_at: null,
      })
      .execute();
    return token;
  }

  async #successorWasUsed(tx: Tx, hash: string): Promise<boolean> {
    const used = await tx
      .selectFrom('refresh_tokens')
      .select('hash')
      .where('parent', '=', hash)
      .where('used_at', 'is not', null)
      .limit(1)
      .executeTakeFirst();
    return used !== undefined;
  }

  async #end(tx: Tx, tenant: string, device: string, because: string): Promise<void> {
    await tx
      .updateTable('sessions')
      .set({ ended_at: this.#now, ended_because: because })
      .where('tenant', '=', tenant)
      .where('device', '=', device)
      .where('ended_at', 'is', null)
      .execute();
  }
}
