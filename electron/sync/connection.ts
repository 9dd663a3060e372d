import type { StoredSession } from '../records/stored-session.ts';
import type { StoreApi } from '../store/contract.ts';
import { ServerApi, type Transport } from './api.ts';
import { Tokens } from './tokens.ts';

interface ConnectionParts {
  readonly store: StoreApi;
  readonly transport: Transport;
  readonly session: StoredSession;
  readonly now: () => number;
  readonly ordered?: ((order: unknown) => void) | undefined;
}

/** Which server this device talks to, and with whose tokens. A new sign-in may change both. */
export class Connection {
  readonly #parts: ConnectionParts;
  readonly #stopped: AbortSignal;
  #server: string;
  #api: ServerApi;
  #tokens: Tokens;

  constructor(parts: ConnectionParts, stopped: AbortSignal) {
    this.#parts = parts;
    this.#stopped = stopped;
    this.#server = parts.session.server;
    this.#api = new ServerApi(parts.session.server, parts.transport, stopped, parts.ordered);
    this.#tokens = new Tokens(this.#api, parts.store, parts.session, parts.now);
  }

  get server(): string {
    return this.#server;
  }

  get api(): ServerApi {
    return this.#api;
  }

  get tokens(): Tokens {
    return this.#tokens;
  }

  async replace(session: StoredSession): Promise<void> {
    await this.#tokens.replace(session);
    if (session.server === this.#server) return;
    const { store, transport, now, ordered } = this.#parts;
    this.#server = session.server;
    this.#api = new ServerApi(session.server, transport, this.#stopped, ordered);
    this.#tokens = new Tokens(this.#api, store, session, now);
  }
}
