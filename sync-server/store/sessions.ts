import { RoadbookError } from '../../shared/errors.ts';
import { uuidv7 } from '../../shared/sync/ids.ts';
import { Commit } from './commit.ts';
import type { Db, Tx } from './dialect.ts';
import { type Environment, instant, sha256 } from './environment.ts';
import { DAY, issueToken, successorWasUsed } from './refresh-tokens.ts';
import type { UsersTable } from './schema.ts';

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

/** Sessions of devices, and the refresh tokens that carry them on. */
export class Sessions {
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
      await endSessions(tx, user.tenant, device.id, 'replaced', this.#now);
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
      const refreshToken = await issueToken(tx, this.#env, user.tenant, session, null);
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
        (await successorWasUsed(tx, hash)) ||
        (found.usedAt === null && found.parent !== null && (await successorWasUsed(tx, found.parent)));
      if (stale) {
        await endSessions(tx, found.tenant, found.device, 'reused', this.#now);
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
      return { id, tenant, signedInAt, refreshToken: await issueToken(tx, this.#env, tenant, id, hash) };
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
    return this.#db.transaction().execute((tx) => endSessions(tx, tenant, device, 'signed-out', this.#now));
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
}

/** Ends whatever session a device has; none is touched that has ended before. */
export async function endSessions(
  tx: Tx,
  tenant: string,
  device: string,
  because: 'signed-out' | 'replaced' | 'revoked' | 'reused',
  now: string,
): Promise<void> {
  await tx
    .updateTable('sessions')
    .set({ ended_at: now, ended_because: because })
    .where('tenant', '=', tenant)
    .where('device', '=', device)
    .where('ended_at', 'is', null)
    .execute();
}
