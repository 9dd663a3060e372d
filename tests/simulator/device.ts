import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Context, values } from '../../electron/records/context.ts';
import { Inbox } from '../../electron/records/inbox.ts';
import { Records } from '../../electron/records/records.ts';
import type { StoredSession } from '../../electron/records/stored-session.ts';
import type { Log } from '../../electron/shell/log.ts';
import type { Commit, StoreApi } from '../../electron/store/contract.ts';
import { Engine } from '../../electron/store/engine/engine.ts';
import { ServerApi } from '../../electron/sync/api.ts';
import { Exchange } from '../../electron/sync/exchange.ts';
import { failureOf } from '../../electron/sync/failure.ts';
import { readMemory, type SyncMemory } from '../../electron/sync/state.ts';
import { Tokens } from '../../electron/sync/tokens.ts';
import { RoadbookError } from '../../shared/errors.ts';
import { HybridClock } from '../../shared/sync/hlc.ts';
import type { Mutation, SessionUser, WireViewer } from '../../shared/sync/wire.ts';
import { act } from './acts.ts';
import { type Company, DEVICES, STORE_FILE, storeOptions } from './company.ts';
import { type Gate, storeOver } from './engine-store.ts';
import { type Counts, count } from './history.ts';
import type { Line } from './network.ts';
import { Chance } from './random.ts';
import { userOf } from './who.ts';
import type { World } from './world.ts';

/** Milliseconds after which a device that has died is started again. */
const RESTART = 2_000;
/** Small, so that a sync has several pages. */
const PAGE_ROWS = 7;

/** What somebody was told is saved. */
export interface Said {
  readonly mutation: Mutation;
  readonly group: string;
}

export interface DeviceParts {
  readonly world: World;
  readonly line: Line;
  readonly company: Company;
  readonly folder: string;
  readonly index: number;
  readonly name?: string;
  readonly seed: number;
  readonly counts: Counts;
  /** Something that must never happen, has. */
  readonly wrong: (what: string) => void;
}

/** One run of the program on a device. */
interface Life {
  dead: boolean;
  readonly engine: Engine;
  /** For people. */
  readonly store: StoreApi;
  /** For the sync client: other things happen between its calls. */
  readonly synced: StoreApi;
  readonly context: Context;
  readonly records: Records;
  readonly inbox: Inbox;
  readonly tokens: Tokens;
  readonly api: ServerApi;
  readonly stop: AbortController;
  memory: SyncMemory;
}

/** A device: the real store and the real sync client in this thread, with its time, chances, network and disk given. */
export class SimDevice {
  readonly index: number;
  readonly parts: DeviceParts;
  /** By id of the mutation: what commits have written, whether or not anybody was told. */
  readonly made = new Map<string, Said>();
  readonly said: Said[] = [];
  /** Records that have left, `collection id`. */
  readonly left = new Set<string>();
  /** Mutations that the server said it holds in quarantine. */
  readonly held = new Set<string>();
  skew = 0;
  full = 0;
  /** Of the last sync: undefined when it went well. */
  failure: unknown;
  #death: { calls: number; readonly when: 'before' | 'after' } | undefined;
  #amid: { calls: number; readonly chance: number }[] = [];
  #folder: string;
  #lives = 0;
  #life: Life | undefined;
  #syncing = false;
  #offline = false;

  constructor(parts: DeviceParts) {
    this.parts = parts;
    this.index = parts.index;
    this.#folder = this.#newFolder();
  }

  #newFolder(): string {
    this.#lives += 1;
    const folder = join(this.parts.folder, `${this.parts.name ?? 'device'}-${this.index}-${this.#lives}`);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  get life(): Life {
    if (this.#life === undefined) throw new Error('the device is off');
    return this.#life;
  }

  get engine(): Engine {
    return this.life.engine;
  }

  get isOn(): boolean {
    return this.#life !== undefined;
  }

  get isSyncing(): boolean {
    return this.#syncing;
  }

  get user(): SessionUser {
    return userOf(this.parts.company, this.index);
  }

  readonly now = (): number => this.parts.world.now + this.skew;

  /** Turns the device on. */
  async start(): Promise<void> {
    const { world, company, line, seed, index } = this.parts;
    const file = join(this.#folder, STORE_FILE);
    const isNew = !existsSync(file);
    if (isNew) cpSync(company.store, this.#folder, { recursive: true });
    const options = { ...storeOptions, file, create: false, now: () => world.now };
    const engine = new Engine(options, () => undefined);
    const device = { id: company.devices[index] ?? '', name: DEVICES[index]?.name ?? '' };
    const marked = { dead: false };
    const gate = (isSync: boolean): Gate => ({
      before: (call) => this.#before(marked, call, isSync),
      after: () => this.#after(marked),
      committed: (commit) => this.#committed(commit),
    });
    const store = storeOver(engine, gate(false));
    const synced = storeOver(engine, gate(true));
    const first: StoredSession = {
      server: 'http://server.test',
      device,
      user: this.user,
      accessToken: 'token',
      expiresAt: Number.MAX_SAFE_INTEGER,
      refreshToken: 'refresh',
    };
    if (isNew) engine.commit({ values: { [values.session]: first } });
    const session = engine.value(values.session) as StoredSession;
    const chance = new Chance(seed, this.parts.name ?? 'device', index, this.#lives);
    const stamp = engine.value(values.clock) as string | undefined;
    const stop = new AbortController();
    const api = new ServerApi(session.server, line.transport, stop.signal);
    const context: Context = {
      store,
      user: { ...session.user },
      device,
      clock: new HybridClock(device.id, this.now, stamp ?? undefined),
      now: this.now,
      random: (length) => chance.bytes(length),
      isOffline: () => this.#offline,
      saved: () => undefined,
    };
    const records = new Records(context);
    const life: Life = Object.assign(marked, {
      engine,
      store,
      synced,
      context,
      records,
      inbox: new Inbox(context, records),
      tokens: new Tokens(api, synced, session, this.now),
      api,
      stop,
      memory: await readMemory(store),
    });
    this.#life = life;
  }

  async #before(life: { dead: boolean }, call: string, isSync: boolean): Promise<void> {
    this.parts.world.working();
    if (life.dead) throw new RoadbookError('store.closed');
    if (isSync) await this.#happenAmid();
    if (life.dead) throw new RoadbookError('store.closed');
    if (this.#death !== undefined && this.isOn) {
      this.#death.calls -= 1;
      if (this.#death.calls <= 0 && this.#death.when === 'before') {
        this.die();
        throw new RoadbookError('store.closed');
      }
    }
    if (call === 'commit' && this.full > 0) {
      this.full -= 1;
      count(this.parts.counts, 'disk full');
      throw new RoadbookError('store.disk_full');
    }
  }

  #after(life: { dead: boolean }): void {
    this.parts.world.working();
    if (life.dead) throw new RoadbookError('store.closed');
    if (this.isOn && this.#death !== undefined && this.#death.calls <= 0) {
      this.die();
      throw new RoadbookError('store.closed');
    }
    this.parts.world.plan(3, () => this.#workBehind());
  }

  async #happenAmid(): Promise<void> {
    for (const one of this.#amid) one.calls -= 1;
    const due = this.#amid.filter(({ calls }) => calls <= 0);
    this.#amid = this.#amid.filter(({ calls }) => calls > 0);
    for (const { chance } of due) {
      count(this.parts.counts, 'act amid a sync');
      await this.act(chance);
    }
  }

  #committed(commit: Commit): void {
    for (const { id, group, mutation } of commit.outbox ?? []) {
      this.made.set(id, { group, mutation: mutation as Mutation });
    }
    for (const { id, state } of commit.settle ?? []) if (state === 'quarantined') this.held.add(id);
    for (const { collection, id } of commit.purge ?? []) this.left.add(`${collection} ${id}`);
  }

  #workBehind(): void {
    const engine = this.#life?.engine;
    if (engine?.behind.due() === 0) engine.behind.step();
  }

  /** Dies with one of the next calls of its store. */
  doom(calls: number, when: 'before' | 'after'): void {
    this.#death = { calls, when };
  }

  amid(calls: number, chance: number): void {
    this.#amid.push({ calls, chance });
  }

  spare(): void {
    this.#death = undefined;
    this.#amid = [];
    this.full = 0;
  }

  /** Ends as a killed process does: its files are what they are at this moment. */
  die(): void {
    const life = this.#life;
    this.#death = undefined;
    if (life === undefined) return;
    count(this.parts.counts, 'device killed');
    life.dead = true;
    const before = this.#folder;
    this.#folder = this.#newFolder();
    for (const name of [STORE_FILE, `${STORE_FILE}-wal`, `${STORE_FILE}.head`]) {
      if (existsSync(join(before, name))) copyFileSync(join(before, name), join(this.#folder, name));
    }
    this.#life = undefined;
    life.stop.abort();
    this.parts.line.hangUp();
    life.engine.close();
    rmSync(before, { recursive: true });
    this.parts.world.plan(RESTART, () => this.#restart());
  }

  #restart(): void {
    if (this.#life !== undefined) return;
    this.start().catch((error: unknown) =>
      this.parts.wrong(`the store does not open again: ${String(error)}`),
    );
  }

  /** Somebody does something; what is not allowed or has no room is no fault. */
  async act(chance: number): Promise<void> {
    const life = this.#life;
    if (life === undefined) return;
    const before = new Set(this.made.keys());
    try {
      await act(life, new Chance(chance), this.parts.counts);
    } catch (error) {
      if (life.dead || error instanceof RoadbookError) {
        count(this.parts.counts, life.dead ? 'act cut off' : 'act refused');
        return;
      }
      this.parts.wrong(`an act threw ${String(error)}`);
      return;
    }
    // Told as saved, from here on it must not be lost.
    for (const [id, one] of this.made) if (!before.has(id)) this.said.push(one);
  }

  /** Begins one exchange with the server. */
  sync(): void {
    const life = this.#life;
    if (life === undefined || this.#syncing) return;
    this.#syncing = true;
    count(this.parts.counts, 'sync');
    const waited = life.engine.outbox.list('waiting', 100_000).map(({ id }) => id);
    this.#exchange(life)
      .then(
        () => {
          this.failure = undefined;
          this.#offline = false;
          count(this.parts.counts, 'sync done');
        },
        (error: unknown) => {
          this.failure = error;
          if (life.dead) return;
          this.#offline = failureOf(error).state === 'offline';
          this.#judgeTooOld(error, waited);
          const known = error instanceof RoadbookError;
          count(this.parts.counts, `sync ended ${known ? error.code : 'by an error'}`);
          if (!known)
            this.parts.wrong(`a sync threw ${error instanceof Error ? error.stack : String(error)}`);
          else if (error.code === 'sync.differs') this.parts.wrong('digests differ after a refetch');
        },
      )
      .finally(() => {
        this.#syncing = false;
        this.parts.world.working();
      });
  }

  /** A device that is given nothing any more has sent all that waited when it began. */
  #judgeTooOld(error: unknown, waited: readonly string[]): void {
    if (!(error instanceof RoadbookError) || error.code !== 'sync.client_too_old') return;
    const still = new Set(this.engine.outbox.list('waiting', 100_000).map(({ id }) => id));
    if (waited.some((id) => still.has(id))) this.parts.wrong(`device ${this.index} is too old to send`);
  }

  #exchange(life: Life): Promise<void> {
    return new Exchange({
      store: life.synced,
      api: life.api,
      tokens: life.tokens,
      user: life.context.user,
      device: life.context.device,
      clock: life.context.clock,
      now: this.now,
      random: life.context.random,
      log: this.#log,
      memory: () => life.memory,
      remember: (memory) => {
        life.memory = memory;
      },
      progress: () => undefined,
      became: (viewer) => this.#became(life, viewer),
      withdrew: () => count(this.parts.counts, 'withdrawal'),
      signal: life.stop.signal,
      pageRows: PAGE_ROWS,
    }).run();
  }

  async #became({ tokens, context }: Life, { role, team, territory }: WireViewer): Promise<void> {
    const { user } = tokens;
    if (user.role === role && user.team === team && user.territory === territory) return;
    const now = { ...user, role, team, territory };
    await tokens.become(now);
    Object.assign(context.user, now);
  }

  readonly #log: Log = {
    info: (event) => count(this.parts.counts, event),
    warn: (event) => {
      count(this.parts.counts, event);
      // It heals itself, but nothing here has damaged anything.
      if (event === 'sync.differs') this.parts.wrong(`digests differ on device ${this.index}`);
    },
    error: (event) => count(this.parts.counts, event),
  };

  close(): void {
    const life = this.#life;
    this.#life = undefined;
    if (life === undefined) return;
    life.dead = true;
    life.stop.abort();
    life.engine.close();
  }
}
