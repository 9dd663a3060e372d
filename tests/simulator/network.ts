import type { Transport } from '../../electron/sync/api.ts';
import { type Counts, count } from './history.ts';
import { Chance } from './random.ts';
import type { Answer, SimServer } from './server.ts';
import type { World } from './world.ts';

/** Silence after which a device gives a request up, in ms. */
const PATIENCE = 15_000;

type Fate = 'well' | 'lost' | 'late' | 'doubled' | 'cut';

/** The line between one device and the server, in time and with its faults. */
export class Line {
  up = true;
  down = true;
  /** Probability that something happens to a message. */
  bad = 0;
  readonly #world: World;
  readonly #server: SimServer;
  readonly #device: number;
  readonly #seed: number;
  readonly #counts: Counts;
  #requests = 0;
  #sent: { path: string; body: string }[] = [];
  /** Requests that wait for their answer; a device that dies waits no more. */
  #waiting = new Set<(error: Error) => void>();

  constructor(world: World, server: SimServer, device: number, seed: number, counts: Counts) {
    this.#world = world;
    this.#server = server;
    this.#device = device;
    this.#seed = seed;
    this.#counts = counts;
  }

  readonly transport: Transport = (url, init) => {
    this.#world.working();
    this.#requests += 1;
    const chance = new Chance(this.#seed, 'line', this.#device, this.#requests);
    const path = new URL(url).pathname;
    const body = typeof init.body === 'string' ? init.body : '';
    if (path.endsWith('/push')) this.#sent.push({ path, body });
    return new Promise<Response>((done, fail) => {
      let over = false;
      const end = (work: () => void) => {
        if (over) return;
        over = true;
        this.#waiting.delete(broken);
        this.#world.working();
        work();
      };
      const broken = (error: Error) => end(() => fail(error));
      this.#waiting.add(broken);
      init.signal?.addEventListener('abort', () => broken(new TypeError('aborted')));
      const silence = () => this.#world.plan(PATIENCE, () => broken(new TypeError('fetch failed')));
      if (!this.up && !this.down) {
        this.#world.plan(1, () => broken(new TypeError('fetch failed')));
        return;
      }
      const there = this.up ? this.#fate(chance, 'request') : 'lost';
      const back = this.#fate(chance, 'answer');
      if (there === 'lost') {
        silence();
        return;
      }
      const way = chance.between(1, 30) + (there === 'late' ? chance.between(100, 14_000) : 0);
      const heard = there === 'cut' ? body.slice(0, chance.below(Math.max(1, body.length))) : body;
      this.#world.plan(way, () => {
        this.#arrive(path, heard, (answer) => {
          if (answer === undefined) {
            this.#world.plan(chance.between(1, 50), () => broken(new TypeError('fetch failed')));
            return;
          }
          if (back === 'lost' || !this.down) {
            silence();
            return;
          }
          const late = back === 'late' ? chance.between(100, 14_000) : 0;
          const response = responseOf(answer, back === 'cut' ? chance : undefined);
          this.#world.plan(chance.between(1, 30) + late, () => end(() => done(response)));
          if (late + way > PATIENCE) silence();
        });
      });
      // The network delivers it once more, perhaps long after.
      if (there === 'doubled') {
        this.#world.plan(way + chance.pick([0, 5, 500, 20_000, 120_000]), () => this.#arrive(path, body));
      }
    });
  };

  #fate(chance: Chance, of: string): Fate {
    if (!chance.happens(this.bad)) return 'well';
    const fate = chance.pick(['lost', 'late', 'doubled', 'cut'] as const);
    if (of === 'answer' && fate === 'doubled') return 'well';
    count(this.#counts, `${of} ${fate}`);
    return fate;
  }

  #arrive(
    path: string,
    body: string,
    answered: (answer: Answer | undefined) => void = () => undefined,
  ): void {
    this.#world.working();
    this.#server.handle(this.#device, path, body).then(
      (answer) => {
        this.#world.working();
        answered(answer);
      },
      (error: unknown) => this.failed(error),
    );
  }

  /** The server met an error that it should not meet. */
  failed: (error: unknown) => void = (error) => {
    throw error;
  };

  /** A push of before arrives again. */
  echo(chance: Chance): void {
    if (this.#sent.length === 0) return;
    const { path, body } = chance.pick(this.#sent);
    count(this.#counts, 'push echoed');
    this.#world.plan(chance.between(1, 50), () => this.#arrive(path, body));
  }

  mend(): void {
    this.up = true;
    this.down = true;
  }

  /** The device has died: nobody waits for answers. */
  hangUp(): void {
    for (const broken of [...this.#waiting]) broken(new TypeError('the device has died'));
  }
}

/** As much of a response as the client looks at. Cut off in the middle, it breaks off or is no JSON any more. */
function responseOf({ status, text }: Answer, cut: Chance | undefined): Response {
  const heard = cut === undefined ? text : text.slice(0, cut.below(Math.max(1, text.length)));
  const breaksOff = cut?.happens(0.5) ?? false;
  const response: Pick<Response, 'ok' | 'status' | 'text'> = {
    ok: status < 300,
    status,
    text: async () => {
      if (breaksOff) throw new TypeError('terminated');
      return heard;
    },
  };
  return response as Response;
}
