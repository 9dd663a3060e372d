import type { Selectable } from 'kysely';
import { RoadbookError } from '../../shared/errors.ts';
import { uuidv5 } from '../../shared/sync/ids.ts';
import type { Group, Verdict } from '../../shared/sync/wire.ts';
import { Commit } from './commit.ts';
import type { Db } from './dialect.ts';
import { type Environment, instant } from './environment.ts';
import type { Principal } from './principal.ts';
import { decideGroups } from './push.ts';
import type { QuarantineTable } from './schema.ts';

export type Held = Selectable<QuarantineTable> & { user_name: string; device_name: string };

/** What is held and what became of the rest, newest first. */
export class Quarantine {
  readonly #db: Db;
  readonly #env: Environment;

  constructor(db: Db, env: Environment) {
    this.#db = db;
    this.#env = env;
  }

  list(tenant: string, state?: string): Promise<Held[]> {
    return this.#rows(tenant)
      .$if(state !== undefined, (query) => query.where('quarantine.state', '=', state ?? ''))
      .orderBy('quarantine.at', 'desc')
      .orderBy('quarantine.id', 'desc')
      .execute();
  }

  /** Groups of a company, with the names of whoever made them and where. */
  #rows(tenant: string) {
    return this.#db
      .selectFrom('quarantine')
      .innerJoin('users', 'users.id', 'quarantine.user')
      .leftJoin('devices', (join) =>
        join.onRef('devices.tenant', '=', 'quarantine.tenant').onRef('devices.id', '=', 'quarantine.device'),
      )
      .selectAll('quarantine')
      .select(['users.name as user_name'])
      .select((eb) => eb.fn.coalesce('devices.name', eb.val('')).as('device_name'))
      .where('quarantine.tenant', '=', tenant);
  }

  /**
   * Applies a held group in the name of whoever made it: it is merged like any other edit, against what has become of its
   * records meanwhile. Done again, it changes nothing.
   * @throws record.not_found, quarantine.settled
   */
  async restore(by: Principal, id: string): Promise<Verdict> {
    const row = await this.#held(by.tenant, id);
    const group = JSON.parse(row.json) as Group;
    const author: Principal = {
      ...by,
      user: row.user,
      userName: row.user_name,
      device: row.device,
      deviceName: row.device_name,
    };
    // As a group of its own: what was decided about the first one stays decided.
    const again = { ...group, id: uuidv5(by.tenant, `restored\n${id}`) };
    const [decided] = await decideGroups(this.#db, this.#env, author, [again], this.#env.now(), 'company');
    if (decided === undefined) throw new Error('a group was not decided');
    if (decided.verdict.status === 'accepted') await this.#settle(by, id, 'restored');
    return decided.verdict;
  }

  /**
   * Leaves a held group unapplied. Its values stay readable here.
   * @throws record.not_found, quarantine.settled
   */
  async dismiss(by: Principal, id: string): Promise<void> {
    await this.#held(by.tenant, id);
    await this.#settle(by, id, 'dismissed');
  }

  async #held(tenant: string, id: string): Promise<Held> {
    const row = await this.#rows(tenant).where('quarantine.id', '=', id).executeTakeFirst();
    if (row === undefined) throw new RoadbookError('record.not_found');
    if (row.state !== 'held') throw new RoadbookError('quarantine.settled', { state: row.state });
    return row;
  }

  async #settle(by: Principal, id: string, state: 'restored' | 'dismissed'): Promise<void> {
    const at = instant(this.#env.now());
    await this.#db.transaction().execute(async (tx) => {
      const commit = await Commit.begin(tx, this.#env, by.tenant);
      const done = await tx
        .updateTable('quarantine')
        .set({ state, settled_at: at, settled_by: by.user })
        .where('tenant', '=', by.tenant)
        .where('id', '=', id)
        .where('state', '=', 'held')
        .executeTakeFirst();
      if (done.numUpdatedRows === 0n) return;
      commit.entry(`quarantine-${state}`, { group: id, user: by.user, at });
      await commit.finish([]);
    });
  }
}
