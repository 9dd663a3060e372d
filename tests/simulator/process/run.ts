import { setTimeout as delay } from 'node:timers/promises';
import { setReach } from '../../../sync-server/company/scopes.ts';
import { Admin, SOURCE } from '../admin.ts';
import { type Company, DEVICES } from '../company.ts';
import { type Counts, count, type History, type Step } from '../history.ts';
import { judge } from '../oracle.ts';
import { Chance } from '../random.ts';
import type { Outcome } from '../run.ts';
import { Member } from './member.ts';
import { ServerProcess } from './server.ts';

/** Syncs of every device after the last step, at most; what is not level by then is stuck. */
const ROUNDS = 10;
/** What takes minutes in a simulated world takes this at most, in ms: sockets and disks have their own time. */
const LONGEST = 40;
const DOWN = 150;

/** Plays one history with real processes, real sockets, real time and real kills, and judges it as the simulated ones. */
export async function playInProcesses(history: History, company: Company, folder: string): Promise<Outcome> {
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
    play.wrong(`the play met ${error instanceof Error ? error.stack : String(error)}`);
  } finally {
    await play.close();
  }
  return play;
}

class Play implements Outcome {
  readonly violations: string[] = [];
  readonly counts: Counts = {};
  readonly #server: ServerProcess;
  readonly #devices: readonly Member[];
  readonly #admin = new Admin(this.counts);
  readonly #chance: Chance;

  constructor(
    { seed }: History,
    company: Company,
    folder: string,
    database: ConstructorParameters<typeof ServerProcess>[1],
  ) {
    this.#chance = new Chance(seed, 'processes');
    const wrong = (what: string) => this.wrong(what);
    this.#server = new ServerProcess(company, database, this.counts, wrong, (port) =>
      Promise.all(this.#devices.map((device) => device.change({ port }))),
    );
    this.#devices = DEVICES.map(
      (_, index) =>
        new Member({
          ...{ company, folder, index, seed, counts: this.counts, wrong },
          pushed: (device, pushed) => this.#server.pushed(device, pushed),
        }),
    );
  }

  wrong(what: string): void {
    if (!this.violations.includes(what)) this.violations.push(what);
  }

  async begin(): Promise<void> {
    await this.#server.start();
    const reach = this.#chance.pick(['company', 'territory', 'team', 'own'] as const);
    const { store, company } = this.#server;
    if (reach !== 'company') await setReach(store, company.tenant, 'rep', reach, SOURCE);
    await Promise.all(this.#devices.map((device) => device.start()));
  }

  async step(step: Step): Promise<void> {
    count(this.counts, 'steps');
    const device = this.#devices['device' in step ? step.device % this.#devices.length : 0];
    if (device === undefined) throw new Error('there is no such device');
    switch (step.do) {
      case 'act':
        await device.order({ do: 'act', chance: step.chance });
        return;
      case 'sync':
        await device.order({ do: 'sync' });
        return;
      case 'pass':
        return delay(Math.min(step.millis, LONGEST));
      case 'cut':
        count(this.counts, `cut ${step.way}`);
        await device.change({
          ...(step.way !== 'down' && { up: false }),
          ...(step.way !== 'up' && { down: false }),
        });
        return;
      case 'mend':
        await device.change({ up: true, down: true });
        return;
      case 'weather':
        await device.change({ bad: step.bad });
        return;
      case 'echo':
        await device.order({ do: 'echo', chance: step.chance });
        return;
      case 'kill-device':
        if (step.when === 'before') await device.order({ do: 'doom', calls: step.calls });
        else setTimeout(() => device.kill(), step.calls);
        return;
      case 'kill-server':
        await delay(this.#chance.below(10 * step.requests));
        return this.#server.killAndStart(Math.min(step.millis, DOWN));
      case 'act-amid':
        await device.order({ do: 'amid', calls: step.calls, chance: step.chance });
        return;
      case 'full':
        await device.order({ do: 'full', commits: step.commits });
        return;
      case 'skew':
        count(this.counts, 'clock set');
        device.skew = step.millis;
        await device.order({ do: 'skew', millis: step.millis });
        return;
      case 'outdate':
        // A real server is told by its version, not by a test.
        return;
      case 'backup':
        return this.#server.backUp();
      case 'restore':
        await this.#server.isUp();
        return this.#server.restore();
      default:
        return this.#admin.do(step, this.#server);
    }
  }

  /** Everything works again, everybody syncs until nothing moves, and then all must be right. */
  async end(): Promise<void> {
    await this.#server.isUp();
    for (const device of this.#devices) {
      await device.order({ do: 'spare' });
      await device.isUp();
      await device.change({ up: true, down: true, bad: 0 });
    }
    for (let round = 1; ; round += 1) {
      const before = await this.#counter();
      const stuck = await Promise.all(this.#devices.map((device) => this.#settle(device)));
      const problems = stuck.filter((problem) => problem !== '');
      if (problems.length === 0 && before === (await this.#counter())) break;
      if (round === ROUNDS) {
        this.wrong(`the devices do not come to rest: ${problems.join(', ')}`);
        return;
      }
    }
    for (const device of this.#devices) await device.end(this.#chance.happens(0.5));
    await this.#server.kill();
    await judge(this.#server, this.#devices, this.counts, (what) => this.wrong(what));
  }

  /** One exchange. @returns why the device is not done; '' when it is */
  async #settle(device: Member): Promise<string> {
    await device.isUp();
    const status = await device.order({ do: 'settle' });
    if (status === undefined) return `device ${device.index} has died`;
    if (status.state === 'signed-out') {
      // As after any restore that has lost a token: the person types the password again.
      count(this.counts, 'sign-in');
      const session = device.session(await this.#server.signIn(device.index));
      await device.order({ do: 'sign-in', session });
    }
    if (status.state === 'online' && status.waiting === 0) return '';
    return `device ${device.index} is ${status.state} with ${status.waiting} waiting: ${status.error?.code ?? ''}`;
  }

  async #counter(): Promise<number> {
    const { store, company } = this.#server;
    const { counter } = await store.db
      .selectFrom('tenants')
      .select('counter')
      .where('id', '=', company.tenant)
      .executeTakeFirstOrThrow();
    return Number(counter);
  }

  async close(): Promise<void> {
    for (const device of this.#devices) {
      await device.end(false);
      device.close();
    }
    await this.#server.close();
  }
}
