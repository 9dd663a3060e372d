import { RoadbookError } from '../../shared/errors.ts';
import type { SessionUser } from '../../shared/sync/wire.ts';
import { values } from '../records/context.ts';
import { serial } from '../records/serial.ts';
import { type StoredSession, withTokens } from '../records/stored-session.ts';
import type { StoreApi } from '../store/contract.ts';
import type { ServerApi } from './api.ts';

/** An access token is renewed when it has less than this left. */
const MARGIN_MS = 30_000;

/**
 * Gives an access token that is still good. Renewal is serialised, and a new refresh token is on disk before the new
 * access token is used: a death in between costs nothing, because the server answers the old one again.
 */
export class Tokens {
  readonly #api: ServerApi;
  readonly #store: StoreApi;
  readonly #now: () => number;
  readonly #exclusive = serial();
  #session: StoredSession;

  constructor(api: ServerApi, store: StoreApi, session: StoredSession, now: () => number) {
    this.#api = api;
    this.#store = store;
    this.#session = session;
    this.#now = now;
  }

  /** Does something with a token; once more with a new one when the server calls the first one run out. */
  async use<T>(task: (token: string) => Promise<T>): Promise<T> {
    const token = await this.#good();
    try {
      return await task(token);
    } catch (error) {
      if (!(error instanceof RoadbookError) || error.code !== 'auth.token_expired') throw error;
      return task(await this.#good(token));
    }
  }

  /** @param refused a token that the server did not take, although its time is not up by this clock */
  #good(refused?: string): Promise<string> {
    return this.#exclusive(async () => {
      const { accessToken, expiresAt } = this.#session;
      if (accessToken !== refused && expiresAt - MARGIN_MS > this.#now()) return accessToken;
      return this.#refresh();
    });
  }

  async #refresh(): Promise<string> {
    const { refreshToken, device } = this.#session;
    if (refreshToken === '') throw new RoadbookError('auth.token_invalid');
    const tokens = await this.#api.refresh({ refreshToken, device: device.id });
    const renewed = withTokens(this.#session, tokens, this.#now());
    // A device of before learns here how to know an order; one that knows keeps what it knows.
    const orders = this.#session.orders ?? tokens.orders;
    const session = orders === undefined ? renewed : { ...renewed, orders };
    await this.#store.commit({ values: { [values.session]: session } });
    this.#session = session;
    return session.accessToken;
  }

  /** Who is signed in, as far as it is known here. */
  get user(): SessionUser {
    return this.#session.user;
  }

  /** The server takes this person for something else by now. */
  async become(user: SessionUser): Promise<void> {
    await this.#exclusive(async () => {
      const session = { ...this.#session, user };
      await this.#store.commit({ values: { [values.session]: session } });
      this.#session = session;
    });
  }

  /** After a new sign-in. */
  async replace(session: StoredSession): Promise<void> {
    await this.#exclusive(async () => {
      await this.#store.commit({ values: { [values.session]: session } });
      this.#session = session;
    });
  }
}
