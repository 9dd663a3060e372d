import { RoadbookError } from '../../shared/errors.ts';
import type { KeychainState, NewRecoveryCode } from './keyring.ts';
import type { OpenRecords } from './open-records.ts';
import { keyFile } from './opening.ts';
import type { serial } from './serial.ts';
import type { SessionParts } from './session-parts.ts';

type Nothing = Record<string, never>;

/**
 * What a person may change about the keys while the records are open. The data key itself is not in this process then:
 * the passphrase gives it for as long as it is needed, and shows that whoever asks is not just sitting at an open
 * device. Every change stands in the history.
 */
export class KeyCare {
  readonly #parts: Pick<SessionParts, 'files' | 'keys'>;
  readonly #open: OpenRecords;
  readonly #exclusive: ReturnType<typeof serial>;
  #newCode: NewRecoveryCode | null = null;

  constructor(
    parts: Pick<SessionParts, 'files' | 'keys'>,
    open: OpenRecords,
    exclusive: ReturnType<typeof serial>,
  ) {
    this.#parts = parts;
    this.#open = open;
    this.#exclusive = exclusive;
  }

  get #file(): string {
    return keyFile(this.#parts.files);
  }

  /**
   * Nothing is encrypted again; recovery code and keychain stay good.
   * @throws store.wrong_passphrase, key.too_many_tries, key.passphrase_short, store.closed, store.key_*
   */
  changePassphrase(passphrase: string, next: string): Promise<Nothing> {
    return this.#change('new-passphrase', () =>
      this.#withKey(passphrase, (key) => this.#parts.keys.changePassphrase(this.#file, key, next)),
    );
  }

  /**
   * A new recovery code, given once. It counts from confirmRecoveryCode() on; until then the old one does.
   * @throws store.wrong_passphrase, key.too_many_tries, store.closed, store.key_*
   */
  newRecoveryCode(passphrase: string): Promise<{ recoveryCode: string }> {
    return this.#whileOpen(async () => {
      const made = await this.#withKey(passphrase, (key) =>
        this.#parts.keys.newRecoveryCode(this.#file, key),
      );
      this.#newCode = made;
      return { recoveryCode: made.text };
    });
  }

  /** The person has it: the old one stops working. @throws key.code_not_asked, store.closed, store.key_* */
  confirmRecoveryCode(): Promise<Nothing> {
    return this.#change('new-recovery-code', async () => {
      if (this.#newCode === null) throw new RoadbookError('key.code_not_asked');
      await this.#newCode.save();
      this.forget();
    });
  }

  /** @throws store.closed */
  keychain(): Promise<KeychainState> {
    return this.#whileOpen(() => this.#parts.keys.keychain(this.#file));
  }

  /** @throws store.wrong_passphrase, key.too_many_tries, key.keychain_missing, store.closed, store.key_* */
  async giveToKeychain(passphrase: string): Promise<KeychainState> {
    await this.#change('keychain-on', () =>
      this.#withKey(passphrase, (key) => this.#parts.keys.giveToKeychain(this.#file, key)),
    );
    return this.keychain();
  }

  /** @throws store.closed, store.key_* */
  async takeFromKeychain(): Promise<KeychainState> {
    await this.#change('keychain-off', () => this.#parts.keys.takeFromKeychain(this.#file));
    return this.keychain();
  }

  /** A code that was shown and not confirmed never counts: after locking, or when the window was loaded anew. */
  forget(): void {
    this.#newCode = null;
  }

  async #withKey<T>(passphrase: string, use: (key: Uint8Array) => Promise<T>): Promise<T> {
    const key = await this.#parts.keys.open(this.#file, { passphrase });
    try {
      return await use(key);
    } finally {
      key.fill(0);
    }
  }

  #change(event: string, act: () => Promise<void>): Promise<Nothing> {
    return this.#whileOpen(async () => {
      await act();
      await this.#open.running.event(event);
      return {};
    });
  }

  #whileOpen<T>(act: () => Promise<T>): Promise<T> {
    return this.#exclusive(async () => {
      if (!this.#open.isRunning) throw new RoadbookError('store.closed');
      return act();
    });
  }
}
