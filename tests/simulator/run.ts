import { setReach } from '../../sync-server/company/scopes.ts';
import { Admin, SOURCE } from './admin.ts';
import { type Company, DEVICES, START } from './company.ts';
import type { ServerDatabase } from './database.ts';
import { SimDevice } from './device.ts';
import { type Counts, count, type History, type Step } from './history.ts';
import { Line } from './network.ts';
import { judge } from './oracle.ts';
import { Chance } from './random.ts';
import { SimServer } from './server.ts';
import { World } from './world.ts';

/** Syncs of every device after the last step, at most; what is not level by then is stuck. */
const ROUNDS = 8;
const LONG = 60 * 60_000;

export interface Outcome {
  readonly violations: readonly string[];
  readonly counts: Counts;
}

/** Plays one history and says what was wrong. */
export async function play(history: History, company: Company, folder: string): Promise<Outcome> {
  const database = await company.databases.copy(company.data, folder);
  const play = new Play(history, company, folder, database);
  try {
    await play.begin();
    for (const step of history.steps) {
      await play.step(step);
      if (play.violations.length > 0) break;
    }
    if (play.violations.length === 0) await play.end();
  } catch (error) {
    play.wrong(`the simulator met ${error instanceof Error ? error.stack : String(error)}`);
  } finally {
    await play.close();
  }
  return play;
}

class Play implements Outcome {
  readonly violations: string[] = [];
  readonly counts: Counts = {};
  readonly #world = new World(START);
  readonly #server: SimServer;
  readonly #devices: readonly SimDevice[];
  readonly #lines: readonly Line[];
  readonly #admin = new Admin(this.counts);
  readonly #seed: number;

  constructor({ seed }: History, company: Company, folder: string, database: ServerDatabase) {
    this.#seed = seed;
    this.#server = new SimServer(company, database, seed, this.#world, this.counts);
    this.#lines = DEVICES.map((_, index) => new Line(this.#world, this.#server, index, seed, this.counts));
    this.#devices = this.#lines.map((line, index) => {
      const parts = { world: this.#world, line, company, folder, index, seed, counts: this.counts };
      line.failed = (error) => this.wrong(`the server threw ${error instanceof Error ? error.stack : error}`);
      return new SimDevice({ ...parts, name: `device-${seed}`, wrong: (what) => this.wrong(what) });
    });
  }

  wrong(what: string): void {
    if (!this.violations.includes(what)) this.violations.push(what);
  }

  async begin(): Promise<void> {
    const chance = new Chance(this.#seed, 'begin');
    await this.#server.start();
    const reach = chance.pick(['company', 'territory', 'team', 'own'] as const);
    if (reach !== 'company') await setReach(this.#server.store, this.#tenant, 'rep', reach, SOURCE);
    for (const device of this.#devices) {
      await device.start();
      if (chance.happens(0.8)) device.sync();
    }
    await this.#rest();
  }

  get #tenant(): string {
    return this.#server.company.tenant;
  }

  /** Until nobody syncs any more. */
  async #rest(): Promise<void> {
    await this.#world.until(
      () => this.#devices.every((device) => device.isOn && !device.isSyncing) && this.#server.isUp,
      LONG,
      'every sync ends',
    );
  }

  async step(step: Step): Promise<void> {
    count(this.counts, 'steps');
    await this.#world.settle();
    await this.#do(step);
    await this.#world.settle();
  }

  async #do(step: Step): Promise<void> {
    const { device, line } = 'device' in step ? this.#at(step.device) : this.#at(0);
    switch (step.do) {
      case 'act':
        return device.act(step.chance);
      case 'sync':
        return device.sync();
      case 'pass':
        return this.#world.pass(step.millis);
      case 'cut':
        count(this.counts, `cut ${step.way}`);
        if (step.way !== 'down') line.up = false;
        if (step.way !== 'up') line.down = false;
        return;
      case 'mend':
        return line.mend();
      case 'weather':
        line.bad = step.bad;
        return;
      case 'echo':
        return line.echo(new Chance(step.chance));
      case 'kill-device':
        return device.doom(step.calls, step.when);
      case 'kill-server':
        return this.#server.doom(step.requests, step.when, step.millis);
      case 'act-amid':
        return device.amid(step.calls, step.chance);
      case 'full':
        device.full += step.commits;
        return;
      case 'skew':
        count(this.counts, 'clock set');
        device.skew = step.millis;
        return;
      case 'outdate':
        count(this.counts, step.isOld ? 'outdated' : 'updated');
        this.#server.outdate(device.index, step.isOld);
        return;
      case 'backup':
        return this.#server.backUp();
      case 'restore':
        await this.#server.restore();
        return;
      default:
        if (this.#server.isUp) await this.#admin.do(step, this.#server);
    }
  }

  #at(index: number) {
    const device = this.#devices[index % this.#devices.length];
    const line = this.#lines[index % this.#lines.length];
    if (device === undefined || line === undefined) throw new Error('there is no such device');
    return { device, line };
  }

  /** Everything works again, everybody syncs until nothing moves, and then all must be right. */
  async end(): Promise<void> {
    this.#server.spare();
    for (const line of this.#lines) {
      line.mend();
      line.bad = 0;
    }
    for (const device of this.#devices) {
      device.spare();
      this.#server.outdate(device.index, false);
    }
    await this.#rest();
    // What is still on its way arrives.
    await this.#world.pass(10 * 60_000);
    for (let round = 1; ; round += 1) {
      const before = await this.#state();
      for (const device of this.#devices) {
        device.sync();
        await this.#rest();
        if (device.failure !== undefined) {
          this.wrong(`device ${device.index} cannot sync: ${String(device.failure)}`);
          return;
        }
      }
      if (before === (await this.#state())) break;
      if (round === ROUNDS) {
        this.wrong('the devices do not come to rest');
        return;
      }
    }
    await judge(this.#server, this.#devices, this.counts, (what) => this.wrong(what));
  }

  /** Where everybody stands: unchanged by a round, nothing moves any more. */
  async #state(): Promise<string> {
    const { counter } = await this.#server.store.db
      .selectFrom('tenants')
      .select('counter')
      .where('id', '=', this.#tenant)
      .executeTakeFirstOrThrow();
    const devices = this.#devices.map(({ life: { engine } }) => [
      engine.value('checkpoint'),
      engine.outbox.count(),
    ]);
    return JSON.stringify([counter, devices]);
  }

  async close(): Promise<void> {
    for (const device of this.#devices) device.close();
    await this.#server.close();
  }
}
