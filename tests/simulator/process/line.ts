import { setTimeout as delay } from 'node:timers/promises';
import type { Transport } from '../../../electron/sync/api.ts';
import { routes } from '../../../shared/sync/wire.ts';
import { Chance } from '../random.ts';
import type { LineState } from './messages.ts';

/** A push that the server has answered. */
export interface Pushed {
  readonly text: string;
  readonly epoch: string;
  readonly statuses: string;
}

/** Sockets to the server that runs at the moment, with faults. */
export class Line {
  state: LineState;
  readonly #names: readonly (string | number)[];
  readonly #count: (name: string) => void;
  readonly #pushed: (pushed: Pushed) => void;
  readonly #sent: { url: string; init: RequestInit }[] = [];
  #open = new AbortController();
  #requests = 0;

  /** @param names tell this line's chances from all others */
  constructor(
    state: LineState,
    names: readonly (string | number)[],
    count: (name: string) => void,
    pushed: (pushed: Pushed) => void,
  ) {
    this.state = state;
    this.#names = names;
    this.#count = count;
    this.#pushed = pushed;
  }

  become(state: LineState): void {
    const isCut = !state.up || !state.down || state.port !== this.state.port;
    this.state = state;
    if (!isCut) return;
    this.#open.abort();
    this.#open = new AbortController();
  }

  readonly transport: Transport = async (url, init) => {
    this.#requests += 1;
    const chance = new Chance(...this.#names, this.#requests);
    const { up, down, port } = this.state;
    if (!up || port === 0) throw new TypeError('fetch failed');
    const path = new URL(url).pathname;
    const there = this.#fate(chance, 'request');
    const back = this.#fate(chance, 'answer');
    if (path === routes.push) this.#sent.push({ url, init });
    if (there === 'lost') throw new TypeError('fetch failed');
    if (there === 'late') await delay(chance.between(5, 150));
    if (there === 'doubled') this.#again(url, init, chance.pick([0, 5, 200]));
    const ends = [init.signal, this.#open.signal].filter((signal) => signal !== null && signal !== undefined);
    // Cut off in the middle, more often than not before the server has acted.
    if (there === 'cut') ends.push(AbortSignal.timeout(chance.between(0, 6)));
    const response = await this.#fetch(url, { ...init, signal: AbortSignal.any(ends) });
    // The live stream never ends by itself.
    if (path === routes.live) return response;
    const text = await response.text();
    if (path === routes.push && response.ok) this.#note(init, text);
    if (back === 'late') await delay(chance.between(5, 150));
    if (back === 'lost' || !down) throw new TypeError('fetch failed');
    const heard = back === 'cut' ? text.slice(0, chance.below(Math.max(1, text.length))) : text;
    const { status, headers } = response;
    return new Response(status === 204 ? null : heard, { status, headers });
  };

  #fetch(url: string, init: RequestInit): Promise<Response> {
    const here = new URL(url);
    here.host = `127.0.0.1:${this.state.port}`;
    return fetch(here, init);
  }

  #fate(chance: Chance, of: string): 'well' | 'lost' | 'late' | 'doubled' | 'cut' {
    if (!chance.happens(this.state.bad)) return 'well';
    const fate = chance.pick(['lost', 'late', 'doubled', 'cut'] as const);
    this.#count(`${of} ${fate}`);
    return fate;
  }

  #note({ body }: RequestInit, text: string): void {
    const { epoch, verdicts } = JSON.parse(text) as {
      epoch: string;
      verdicts: { group: string; status: string }[];
    };
    const statuses = verdicts.map(({ group, status }) => `${group} ${status}`).join('\n');
    this.#pushed({ text: String(body), epoch, statuses });
  }

  /** The same once more; nobody waits for its answer. */
  #again(url: string, init: RequestInit, after: number): void {
    const send = async () => {
      await delay(after);
      const { signal: _signal, ...rest } = init;
      await (await this.#fetch(url, rest)).text();
    };
    send().catch(() => this.#count('a repeated request was not answered'));
  }

  /** A push of before arrives again. */
  echo(chance: Chance): void {
    if (this.#sent.length === 0 || this.state.port === 0) return;
    const { url, init } = chance.pick(this.#sent);
    this.#count('push echoed');
    this.#again(url, init, 0);
  }
}
