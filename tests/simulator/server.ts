import { Check } from 'typebox/value';
import { RoadbookError } from '../../shared/errors.ts';
import { PullRequest, type PushRequest, routes, SyncReport } from '../../shared/sync/wire.ts';
import { type Environment, instant } from '../../sync-server/store/environment.ts';
import type { Principal } from '../../sync-server/store/principal.ts';
import type { Store } from '../../sync-server/store/store.ts';
import type { Company } from './company.ts';
import type { ServerDatabase } from './database.ts';
import { type Counts, count } from './history.ts';
import { Chance } from './random.ts';
import { ownerOf, principalOf } from './who.ts';
import type { World } from './world.ts';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

interface Death {
  requests: number;
  readonly when: 'before' | 'middle' | 'after';
  readonly millis: number;
}

/**
 * The real server without its sockets: its store on a file, and what its routes do with a request. It dies as a process
 * does: what was committed is on the disk, what was under way is gone, and nobody gets an answer.
 */
export class SimServer {
  readonly company: Company;
  readonly #database: ServerDatabase;
  readonly #world: World;
  readonly #counts: Counts;
  readonly #chance: Chance;
  #store: Store | undefined;
  #death: Death | undefined;
  /** Of a life in which the process is dying: nothing more is committed in it. */
  #dying: { is: boolean } = { is: false };
  /** Devices whose version is not given anything any more. */
  readonly #outdated = new Set<number>();
  /** How often another life of the database was begun. */
  restores = 0;
  /** Pushes that were answered since the last restore, by their text. */
  readonly answered = new Map<string, { device: number; statuses: string }>();

  constructor(company: Company, database: ServerDatabase, seed: number, world: World, counts: Counts) {
    this.company = company;
    this.#database = database;
    this.#world = world;
    this.#counts = counts;
    this.#chance = new Chance(seed, 'server');
  }

  async start(): Promise<void> {
    if (this.#store !== undefined) return;
    this.#dying = { is: false };
    this.#store = await this.#world.during(this.#database.open(this.#environment(this.#dying)));
  }

  #environment(dying: { is: boolean }): Environment {
    const alive = () => {
      this.#world.working();
      if (dying.is) throw new Error('the server has died');
    };
    return {
      now: () => {
        alive();
        return this.#world.now;
      },
      random: (length) => {
        alive();
        return this.#chance.bytes(length);
      },
    };
  }

  get store(): Store {
    if (this.#store === undefined) throw new Error('the server is dead');
    return this.#store;
  }

  get isUp(): boolean {
    return this.#store !== undefined && !this.#dying.is;
  }

  /** Who asks, as the server reads it for each request. */
  principal(device: number): Promise<Principal> {
    const { who, id, name } = ownerOf(this.company, device);
    return principalOf(this.store, who, id, name);
  }

  outdate(device: number, isOld: boolean): void {
    if (isOld) this.#outdated.add(device);
    else this.#outdated.delete(device);
  }

  /** It will die with one of the next requests. */
  doom(requests: number, when: Death['when'], millis: number): void {
    this.#death = { requests, when, millis };
  }

  spare(): void {
    this.#death = undefined;
  }

  /** @returns undefined when no answer leaves */
  handle(device: number, path: string, body: string): Promise<Answer | undefined> {
    return this.#world.during(this.#handle(device, path, body));
  }

  async #handle(device: number, path: string, body: string): Promise<Answer | undefined> {
    if (!this.isUp) return undefined;
    const death = this.#dooms();
    if (death?.when === 'before') {
      await this.die(death.millis);
      return undefined;
    }
    const store = this.store;
    const life = this.#dying;
    const answered = this.#answer(store, life, device, path, body).catch((error: unknown) => {
      if (life.is) return undefined;
      throw error;
    });
    if (death?.when === 'middle') {
      // A few steps into its work, inside a transaction more often than not.
      for (let step = this.#chance.between(1, 60); step > 0; step -= 1) await this.#database.step();
      life.is = true;
      await this.#database.cutOff();
    }
    const answer = await answered;
    if (death !== undefined) {
      await this.die(death.millis);
      return undefined;
    }
    return life.is ? undefined : answer;
  }

  #dooms(): Death | undefined {
    const death = this.#death;
    if (death === undefined) return undefined;
    death.requests -= 1;
    if (death.requests > 0) return undefined;
    this.#death = undefined;
    count(this.#counts, `server killed ${death.when}`);
    return death;
  }

  async #answer(
    store: Store,
    life: { is: boolean },
    device: number,
    path: string,
    text: string,
  ): Promise<Answer> {
    this.#world.working();
    try {
      const body: unknown = parse(text);
      const answer = await this.#route(store, life, device, path, body, text);
      return { status: 200, text: answer };
    } catch (error) {
      this.#world.working();
      if (!(error instanceof RoadbookError)) throw error;
      return { status: error.status, text: JSON.stringify({ code: error.code, details: error.details }) };
    } finally {
      this.#world.working();
    }
  }

  /** What sync-server/routes/sync.ts does, but for its log. */
  async #route(
    store: Store,
    life: { is: boolean },
    device: number,
    path: string,
    body: unknown,
    text: string,
  ): Promise<string> {
    const principal = await this.principal(device);
    const repository = store.repository(principal);
    if (path !== routes.push && this.#outdated.has(device)) throw new RoadbookError('sync.client_too_old');
    if (path === routes.push) {
      const { epoch, groups } = body as PushRequest;
      if (!Array.isArray(groups)) throw new RoadbookError('request.invalid', { reason: 'no groups' });
      const pushed = await repository.push(epoch, groups);
      for (const { error } of pushed.undecided) {
        // Only a death leaves a group undecided here.
        if (!life.is) throw error;
      }
      const durableThrough = await store.durableThrough(principal.tenant);
      const serverTime = instant(store.environment.now());
      const { verdicts } = pushed;
      this.answered.set(text, {
        device,
        statuses: verdicts.map(({ group, status }) => `${group} ${status}`).join('\n'),
      });
      return JSON.stringify({ epoch: store.origin.epoch, verdicts, durableThrough, serverTime });
    }
    if (path === routes.pull) {
      if (!Check(PullRequest, body)) throw new RoadbookError('request.invalid', { reason: 'a pull' });
      const { checkpoint, limit } = body;
      const page = await repository.pull(checkpoint, limit);
      await store.withdrawals.told(principal, page.lost);
      const { rows, memberships, changes, ...rest } = page;
      const serverTime = instant(store.environment.now());
      const tail = JSON.stringify({ epoch: store.origin.epoch, ...rest, serverTime });
      return `{"rows":[${rows.join(',')}],"memberships":[${memberships.join(',')}],"changes":[${changes.join(',')}],${tail.slice(1)}`;
    }
    if (path === routes.report) {
      if (!Check(SyncReport, body)) throw new RoadbookError('request.invalid', { reason: 'a report' });
      const { holds, removed } = body;
      if (holds !== undefined) await store.withdrawals.received(principal, holds, removed ?? 0);
      return '';
    }
    throw new RoadbookError('request.not_found');
  }

  /** Ends the process as a kill does, and starts it again later. */
  async die(millis: number): Promise<void> {
    const store = this.#store;
    if (store === undefined) return;
    this.#dying.is = true;
    this.#store = undefined;
    // Whatever is inside a transaction fails with the first thing that it asks for, and is rolled back.
    await this.#database.cutOff();
    await store.close();
    this.#world.plan(millis, () => {
      this.start().catch((error: unknown) => {
        throw error;
      });
    });
  }

  async backUp(): Promise<void> {
    if (!this.isUp) return;
    this.#store = await this.#database.backUp(this.store, this.#environment(this.#dying));
    count(this.#counts, 'backup');
  }

  /** The newest backup takes the database's place: what came after it is gone. */
  async restore(): Promise<boolean> {
    if (!this.#database.hasBackup || this.#store === undefined) return false;
    this.#dying.is = true;
    const store = this.#store;
    this.#store = undefined;
    await store.close();
    this.#dying = { is: false };
    await this.#database.restore(this.#environment(this.#dying));
    this.restores += 1;
    this.answered.clear();
    await this.start();
    count(this.#counts, 'restore');
    return true;
  }

  async close(): Promise<void> {
    await this.#store?.close();
    this.#store = undefined;
    await this.#database.remove();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RoadbookError('request.invalid', { reason: 'not JSON' });
  }
}
