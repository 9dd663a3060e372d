import type { SessionUser, WireViewer } from '../../shared/sync/wire.ts';
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

  /** What the server takes the person for by now. @returns null when nothing of it is new */
  async become({ role, team, territory }: WireViewer): Promise<SessionUser | null> {
    const { user } = this.#tokens;
    if (user.role === role && user.team === team && user.territory === territory) return null;
    const now = { ...user, role, team, territory };
    await this.#tokens.become(now);
    return now;
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
