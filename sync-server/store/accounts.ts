import type { Selectable } from 'kysely';
import { genesis } from '../../shared/audit/chain.ts';
import { uuidv7 } from '../../shared/sync/ids.ts';
import { sightChanged } from './areas.ts';
import type { Db } from './dialect.ts';
import { type Environment, instant, sha256 } from './environment.ts';
import type { Principal } from './principal.ts';
import type { Origin } from './pull.ts';
import type { TenantsTable, UsersTable } from './schema.ts';

export type Tenant = Selectable<TenantsTable>;

export interface NewUser {
  readonly id?: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly team?: string;
  readonly territory?: string;
}

/** Companies and their people. */
export class Accounts {
  readonly #db: Db;
  readonly #env: Environment;
  readonly #origin: Origin;

  constructor(db: Db, env: Environment, origin: Origin) {
    this.#db = db;
    this.#env = env;
    this.#origin = origin;
  }

  async addTenant(slug: string, name: string): Promise<Tenant> {
    const id = uuidv7(this.#env.now(), this.#env.random);
    const tenant = {
      id,
      slug,
      name,
      counter: 0,
      log_seq: 0,
      log_head: genesis(id, this.#origin.incarnation, sha256),
      created_at: instant(this.#env.now()),
    };
    await this.#db.insertInto('tenants').values(tenant).execute();
    return { ...tenant, durable_through: 0, reaches: '{}', scope_version: 0, offline_days: 180 };
  }

  tenants(): Promise<Tenant[]> {
    return this.#db.selectFrom('tenants').selectAll().orderBy('slug').execute();
  }

  tenantBySlug(slug: string): Promise<Tenant | undefined> {
    return this.#db.selectFrom('tenants').selectAll().where('slug', '=', slug).executeTakeFirst();
  }

  /** Adds a person, or brings name, role, team and territory up to date. */
  async putUser(tenant: string, user: NewUser): Promise<UsersTable> {
    const record: UsersTable = {
      id: user.id ?? uuidv7(this.#env.now(), this.#env.random),
      tenant,
      email: user.email.toLowerCase(),
      name: user.name,
      role: user.role,
      team: user.team ?? '',
      territory: user.territory ?? '',
      password_hash: null,
      active: 1,
      created_at: instant(this.#env.now()),
    };
    await this.#db.transaction().execute(async (tx) => {
      const known = await tx
        .selectFrom('users')
        .select(['role', 'team', 'territory'])
        .where('id', '=', record.id)
        .executeTakeFirst();
      await tx
        .insertInto('users')
        .values(record)
        .onConflict((conflict) =>
          conflict.column('id').doUpdateSet((eb) => ({
            name: eb.ref('excluded.name'),
            role: eb.ref('excluded.role'),
            team: eb.ref('excluded.team'),
            territory: eb.ref('excluded.territory'),
          })),
        )
        .execute();
      const same = (['role', 'team', 'territory'] as const).every((name) => known?.[name] === record[name]);
      if (known !== undefined && !same) await sightChanged(tx, tenant);
    });
    return record;
  }

  userByEmail(email: string): Promise<(UsersTable & { tenant_name: string }) | undefined> {
    return this.#db
      .selectFrom('users')
      .innerJoin('tenants', 'tenants.id', 'users.tenant')
      .selectAll('users')
      .select('tenants.name as tenant_name')
      .where('users.email', '=', email.trim().toLowerCase())
      .executeTakeFirst();
  }

  users(tenant: string): Promise<UsersTable[]> {
    return this.#db.selectFrom('users').selectAll().where('tenant', '=', tenant).orderBy('email').execute();
  }

  /** Sets a password; every session of the person ends, on the devices and in the console. */
  async setPasswordHash(user: string, passwordHash: string): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      await tx.updateTable('users').set({ password_hash: passwordHash }).where('id', '=', user).execute();
      await tx
        .updateTable('sessions')
        .set({ ended_at: instant(this.#env.now()), ended_because: 'replaced' })
        .where('user', '=', user)
        .where('ended_at', 'is', null)
        .execute();
      await tx.deleteFrom('admin_sessions').where('user', '=', user).execute();
    });
  }

  /** The first password of a person who has none ends nothing. */
  async hasPassword(user: string): Promise<boolean> {
    const found = await this.#db
      .selectFrom('users')
      .select('password_hash')
      .where('id', '=', user)
      .executeTakeFirst();
    return found?.password_hash != null;
  }

  /** Who a session stands for now: role and rights are read on every request, never from the token. */
  async principal(session: string): Promise<SessionState | undefined> {
    const found = await this.#db
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.user')
      .innerJoin('tenants', 'tenants.id', 'sessions.tenant')
      .innerJoin('devices', (join) =>
        join.onRef('devices.tenant', '=', 'sessions.tenant').onRef('devices.id', '=', 'sessions.device'),
      )
      .select([
        'sessions.tenant',
        'tenants.name as tenantName',
        'users.id as user',
        'users.name as userName',
        'users.email',
        'users.role',
        'users.team',
        'users.territory',
        'users.active',
        'devices.id as device',
        'devices.name as deviceName',
        'devices.app',
        'devices.revoked_at as revokedAt',
        'sessions.ended_because as endedBecause',
      ])
      .where('sessions.id', '=', session)
      .executeTakeFirst();
    if (found === undefined) return undefined;
    const { active, revokedAt, endedBecause, ...principal } = found;
    return { principal, active: active === 1, revoked: revokedAt !== null, endedBecause };
  }
}

export interface SessionState {
  readonly principal: Principal;
  readonly active: boolean;
  readonly revoked: boolean;
  /** null while the session lasts. */
  readonly endedBecause: string | null;
}
