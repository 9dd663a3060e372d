import type { Db } from '../store/dialect.ts';
import { type Environment, instant, sha256 } from '../store/environment.ts';

/** Hours until an admin signs in to the console again. */
const HOURS = 8;

export interface AdminUser {
  readonly id: string;
  readonly name: string;
  readonly tenant: string;
  readonly tenantName: string;
}

/** Sessions of the console: a random cookie, of which only the hash is kept. */
export class AdminSessions {
  readonly #db: Db;
  readonly #env: Environment;

  constructor(db: Db, env: Environment) {
    this.#db = db;
    this.#env = env;
  }

  /** Returns the value of the cookie. */
  async start(user: { id: string; tenant: string }): Promise<string> {
    const token = Buffer.from(this.#env.random(32)).toString('base64url');
    const now = this.#env.now();
    await this.#db.deleteFrom('admin_sessions').where('expires_at', '<', instant(now)).execute();
    await this.#db
      .insertInto('admin_sessions')
      .values({
        hash: sha256(token),
        tenant: user.tenant,
        user: user.id,
        created_at: instant(now),
        expires_at: instant(now + HOURS * 3_600_000),
      })
      .execute();
    return token;
  }

  /** The admin behind a cookie; undefined when it is unknown, over, or the person is no admin any more. */
  async find(token: string | undefined): Promise<AdminUser | undefined> {
    if (!token) return undefined;
    const found = await this.#db
      .selectFrom('admin_sessions')
      .innerJoin('users', 'users.id', 'admin_sessions.user')
      .innerJoin('tenants', 'tenants.id', 'admin_sessions.tenant')
      .select(['users.id', 'users.name', 'tenants.id as tenant', 'tenants.name as tenantName'])
      .where('admin_sessions.hash', '=', sha256(token))
      .where('admin_sessions.expires_at', '>', instant(this.#env.now()))
      .where('users.active', '=', 1)
      .where('users.role', '=', 'admin')
      .executeTakeFirst();
    return found;
  }

  async end(token: string): Promise<void> {
    await this.#db.deleteFrom('admin_sessions').where('hash', '=', sha256(token)).execute();
  }
}
