import type { Selectable } from 'kysely';
import { RoadbookError } from '../../shared/errors.ts';
import { uuidv7 } from '../../shared/sync/ids.ts';
import { Commit } from './commit.ts';
import type { Db, Tx } from './dialect.ts';
import { type Environment, instant, sha256 } from './environment.ts';
import type { DevicesTable, UsersTable } from './schema.ts';

type Device = Selectable<DevicesTable>;

/** How long a device may stay away before it must sign in again. */
const REFRESH_DAYS = 180;
const DAY = 86_400_000;

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
        .select('revoked_at')
        .where('tenant', '=', user.tenant)
        .where('id', '=', device.id)
        .executeTakeFirst();
      if (known !== undefined && known.revoked_at !== null) throw new RoadbookError('auth.device_revoked');
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
        })
        .onConflict((conflict) =>
          conflict.columns(['tenant', 'id']).doUpdateSet((eb) => ({
            user: eb.ref('excluded.user'),
            name: eb.ref('excluded.name'),
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
      const refreshToken = await this.#issue(tx, session, null);
      commit.entry('sign-in', {
        user: user.id,
        device: device.id,
        deviceName: device.name,
        address,
        at: this.#now,
      });
      await commit.finish([]);
      return { id: session, refreshToken };
    });
  }

  /**
   * Changes a refresh token for a new one. An old token whose successors were all never used is answered again: the
   * answer was lost on the way. A token that comes back after its successor was used has been copied, and its session
   * ends; nothing on any device is touched by that.
   * @throws auth.token_invalid, auth.token_reused, auth.device_revoked, auth.person_disabled
   */
  async refresh(token: string, device: string): Promise<Session> {
    const outcome = await this.#db.transaction().execute(async (tx) => {
      const hash = sha256(token);
      // Marked first: a write takes the lock, so that two answers to one token are decided one after the other.
      await tx.updateTable('refresh_tokens').set({ hash }).where('hash', '=', hash).execute();
      const found = await tx
        .selectFrom('refresh_tokens')
        .innerJoin('sessions', 'sessions.id', 'refresh_tokens.session')
        .innerJoin('users', 'users.id', 'sessions.user')
        .select([
          'refresh_tokens.parent',
          'refresh_tokens.expires_at as expiresAt',
          'refresh_tokens.used_at as usedAt',
          'sessions.id as session',
          'sessions.tenant',
          'sessions.device',
          'users.active',
          'sessions.ended_because as endedBecause',
        ])
        .where('refresh_tokens.hash', '=', hash)
        .executeTakeFirst();
      if (found === undefined || found.device !== device) return 'auth.token_invalid' as const;
      if (found.active !== 1) return 'auth.person_disabled' as const;
      if (found.endedBecause === 'revoked') return 'auth.device_revoked' as const;
      if (found.endedBecause === 'reused') return 'auth.token_reused' as const;
      if (found.endedBecause !== null || found.expiresAt < this.#now) return 'auth.token_invalid' as const;
      const stale =
        (await this.#successorWasUsed(tx, hash)) ||
        (found.usedAt === null && found.parent !== null && (await this.#successorWasUsed(tx, found.parent)));
      if (stale) {
        await this.#end(tx, found.tenant, found.device, 'reused');
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
      return { id: found.session, refreshToken: await this.#issue(tx, found.session, hash) };
    });
    if (typeof outcome === 'string') throw new RoadbookError(outcome);
    return outcome;
  }

  signOut(tenant: string, device: string): Promise<void> {
    return this.#db.transaction().execute((tx) => this.#end(tx, tenant, device, 'signed-out'));
  }

  /** Takes a device its access. It never wipes anything: that needs a signed order. Returns false when unknown. */
  revoke(tenant: string, device: string): Promise<boolean> {
    return this.#db.transaction().execute(async (tx) => {
      const done = await tx
        .updateTable('devices')
        .set({ revoked_at: this.#now })
        .where('tenant', '=', tenant)
        .where('id', '=', device)
        .executeTakeFirst();
      await this.#end(tx, tenant, device, 'revoked');
      return done.numUpdatedRows > 0n;
    });
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

  /** Of the given sessions, those that have ended. */
  async ended(sessions: readonly string[]): Promise<Set<string>> {
    if (sessions.length === 0) return new Set();
    const found = await this.#db
      .selectFrom('sessions')
      .select('id')
      .where('id', 'in', sessions)
      .where('ended_at', 'is not', null)
      .execute();
    return new Set(found.map(({ id }) => id));
  }

  async #issue(tx: Tx, session: string, parent: string | null): Promise<string> {
    const token = Buffer.from(this.#env.random(32)).toString('base64url');
    await tx
      .insertInto('refresh_tokens')
      .values({
        hash: sha256(token),
        session,
        parent,
        issued_at: this.#now,
        expires_at: instant(this.#env.now() + REFRESH_DAYS * DAY),
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
