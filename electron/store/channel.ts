import { Worker } from 'node:worker_threads';
import { fromPlainError, RoadbookError } from '../../shared/errors.ts';
import { RowConflictError } from './conflict.ts';
import type { StoreEvent } from './contract.ts';
import type { Ahead, ReplyMessage, RequestMessage, RequestName, Requests } from './protocol.ts';

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Milliseconds that a thread may take to end once its store is closed. */
const PATIENCE = 5000;

/** A thread that was started ahead of the store that will want it. */
let ahead: { readonly url: string; readonly worker: Worker } | undefined;

// The inspector's and the test runner's flags are not for this thread.
const start = (workerUrl: URL, workerData?: Ahead): Worker =>
  new Worker(workerUrl, { execArgv: [], workerData });

/**
 * Starts the next store's thread, so that its code is loaded and has run once by the time the key is there: about
 * 100 ms of work on another core. It opens no file; a thread that is never wanted holds up no exit.
 */
export function prepareThread(workerUrl: URL, nativeBinding?: string): void {
  if (ahead) return;
  const worker = start(workerUrl, { ahead: true, nativeBinding });
  worker.unref();
  const forget = () => {
    if (ahead?.worker === worker) ahead = undefined;
  };
  // What is wrong with it shows when the store is opened, in a thread of its own.
  worker.once('error', forget);
  worker.once('exit', forget);
  ahead = { url: workerUrl.href, worker };
}

function take(workerUrl: URL): Worker {
  if (ahead?.url !== workerUrl.href) return start(workerUrl);
  const { worker } = ahead;
  ahead = undefined;
  worker.ref();
  return worker;
}

/** Requests to the store's thread, answered in the order in which they are sent. */
export class Channel {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #onEvent: (event: StoreEvent) => void;
  readonly #exit: Promise<void>;
  #nextId = 1;
  #ended: Error | undefined;

  constructor(workerUrl: URL, onEvent: (event: StoreEvent) => void) {
    this.#onEvent = onEvent;
    this.#worker = take(workerUrl);
    this.#worker.on('message', (message: ReplyMessage) => this.#receive(message));
    this.#worker.on('error', (error) => this.#end(new RoadbookError('store.failed', {}, { cause: error })));
    this.#exit = new Promise((done) => {
      this.#worker.once('exit', () => {
        this.#end(new RoadbookError('store.closed'));
        done();
      });
    });
  }

  request<Name extends RequestName>(
    name: Name,
    args: Parameters<Requests[Name]>,
    transfer: ArrayBuffer[] = [],
  ): Promise<ReturnType<Requests[Name]>> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      const message: RequestMessage = { id, name, args };
      try {
        this.#worker.postMessage(message, transfer);
      } catch (error) {
        // Something that cannot cross: a mistake of the caller, which must not wait for ever.
        this.#waiting.delete(id);
        reject(error as Error);
      }
    });
  }

  /**
   * Closes what the thread has open and waits until it has ended by itself. It is ended from outside only when it
   * hangs: that could meet native code in the middle of something, and take the process along.
   * @throws what closing the store throws; the thread has ended nevertheless
   */
  async close(): Promise<void> {
    const asked = this.request('close', []);
    this.#ended ??= new RoadbookError('store.closed');
    try {
      await asked;
    } finally {
      const hangs = setTimeout(() => void this.#worker.terminate(), PATIENCE);
      await this.#exit;
      clearTimeout(hangs);
    }
  }

  #receive(message: ReplyMessage): void {
    if ('event' in message) {
      this.#onEvent(message.event);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    this.#waiting.delete(message.id);
    if ('value' in message) {
      waiting.resolve(message.value);
    } else if ('conflict' in message) {
      const { collection, id, inStore } = message.conflict;
      const doc = inStore === undefined ? undefined : JSON.parse(inStore);
      waiting.reject(new RowConflictError({ collection, id, inStore: doc }));
    } else {
      const error = fromPlainError(message.error);
      error.cause = new Error(message.native);
      waiting.reject(error);
    }
  }

  #end(error: Error): void {
    this.#ended ??= error;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(this.#ended);
  }
}
