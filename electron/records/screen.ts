import { type PlainError, toPlainError } from '../../shared/errors.ts';
import type { AppState } from '../../shared/ipc/session.ts';
import { appState, type Shown } from './app-state.ts';
import type { KeychainState } from './keyring.ts';
import { keyFile } from './opening.ts';
import type { SessionParts } from './session-parts.ts';

type Own = 'phase' | 'error' | 'keychain' | 'preparing';

/** Which screen is up and what it says. Every change is told to the window. */
export class Screen {
  readonly #parts: SessionParts;
  readonly #rest: (phase: Shown['phase']) => Omit<Shown, Own>;
  #phase: AppState['phase'] = 'sign-in';
  #error: PlainError | null = null;
  #keychain: KeychainState = { state: 'none', was: '', now: '' };
  #preparing: number | null = null;

  /** @param rest what the session knows beside it */
  constructor(parts: SessionParts, rest: (phase: Shown['phase']) => Omit<Shown, Own>) {
    this.#parts = parts;
    this.#rest = rest;
  }

  get phase(): AppState['phase'] {
    return this.#phase;
  }

  /** Code of what keeps the records from being opened; '' while nothing does. */
  get blockedBy(): string {
    return this.#phase === 'blocked' ? (this.#error?.code ?? '') : '';
  }

  state(): AppState {
    const own = {
      phase: this.#phase,
      error: this.#error,
      keychain: this.#keychain,
      preparing: this.#preparing,
    };
    return appState(this.#parts, { ...this.#rest(this.#phase), ...own });
  }

  enter(phase: AppState['phase'], error: PlainError | null = null): AppState {
    this.#phase = phase;
    this.#error = error;
    this.#preparing = null;
    return this.tell();
  }

  /** @param error why what the records were closed for was not done: there is no other window to say it */
  async enterLocked(error: PlainError | null = null): Promise<AppState> {
    this.#keychain = await this.#parts.keys.keychain(keyFile(this.#parts.files));
    return this.enter('locked', error);
  }

  /** The keychain is there and does not have our key any more: it was emptied, or belongs to somebody else. */
  keychainFailed(): void {
    if (this.#keychain.state !== 'ready') return;
    this.#keychain = { ...this.#keychain, state: 'changed' };
    this.enter('locked');
  }

  block(thrown: unknown): AppState {
    const error = toPlainError(thrown);
    this.#parts.log.error('session.blocked', thrown, { code: error.code });
    return this.enter('blocked', error);
  }

  /** The screen stays what it is, and says how far this is: it would look frozen otherwise. */
  prepare(share: number): void {
    this.#preparing = share;
    this.tell();
  }

  tell(): AppState {
    const state = this.state();
    this.#parts.changed(state);
    return state;
  }
}
