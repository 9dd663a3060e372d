import type { Transport } from '../../../electron/sync/api.ts';

/** A network that a test can cut, and that can lose an answer after the server has acted. */
export interface TestNetwork {
  readonly transport: Transport;
  cut(): void;
  mend(): void;
  /** The next answer from a path that ends so is lost on the way back. */
  loseAnswer(path: string): void;
  /** Changes what the device hears from a path that ends so, until it is given null. */
  change(path: string, edit: ((answer: unknown) => unknown) | null): void;
  /** Answers in the server's place where it gives an answer. */
  answer(stand: (path: string, body: unknown) => Response | undefined): void;
  /** Runs before each request; may wait or throw. */
  before(hook: (url: string, body: unknown) => void | Promise<void>): void;
  /** Paths that were asked, oldest first. */
  readonly asked: string[];
}

export function testNetwork(): TestNetwork {
  let up = true;
  let line = new AbortController();
  const losing: string[] = [];
  let hook: (url: string, body: unknown) => void | Promise<void> = () => undefined;
  let stand: (path: string, body: unknown) => Response | undefined = () => undefined;
  const asked: string[] = [];
  const edits = new Map<string, (answer: unknown) => unknown>();

  const transport: Transport = async (url, init) => {
    const path = new URL(url).pathname;
    asked.push(path);
    const sent: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    await hook(url, sent);
    if (!up) throw new TypeError('fetch failed');
    const instead = stand(path, sent);
    if (instead !== undefined) return instead;
    const signals = [line.signal, init.signal].filter((signal) => signal !== null && signal !== undefined);
    const response = await fetch(url, { ...init, signal: AbortSignal.any(signals) });
    const lost = losing.findIndex((ending) => path.endsWith(ending));
    const [, edit] = [...edits].find(([ending]) => path.endsWith(ending)) ?? [];
    if (lost === -1 && edit !== undefined) return Response.json(edit(await response.json()));
    if (lost === -1) return response;
    losing.splice(lost, 1);
    // The server has acted and answered in full; only the device never hears it.
    await response.text();
    throw new TypeError('fetch failed');
  };

  return {
    transport,
    asked,
    cut() {
      up = false;
      line.abort();
    },
    mend() {
      up = true;
      line = new AbortController();
    },
    loseAnswer: (path) => losing.push(path),
    change(path, edit) {
      if (edit === null) edits.delete(path);
      else edits.set(path, edit);
    },
    answer: (given) => {
      stand = given;
    },
    before: (given) => {
      hook = given;
    },
  };
}
