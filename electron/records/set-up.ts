import { RoadbookError } from '../../shared/errors.ts';
import type { StoreApi } from '../store/contract.ts';
import { keepEarlierApart } from './device-backups.ts';
import type { NewKeys } from './keyring.ts';
import { clearUnfinished } from './profile.ts';
import type { SessionParts } from './session-parts.ts';

/** The keys of a set-up: in memory alone until the person has the recovery code, and wiped once they are not needed. */
export class SetUp {
  readonly #parts: Pick<SessionParts, 'files' | 'keys' | 'openStore' | 'now' | 'log'>;
  #keys: NewKeys | null = null;

  constructor(parts: Pick<SessionParts, 'files' | 'keys' | 'openStore' | 'now' | 'log'>) {
    this.#parts = parts;
  }

  /** Makes new keys; earlier ones of the same set-up are forgotten. @throws key.passphrase_short */
  async makeKeys(passphrase: string): Promise<{ recoveryCode: string }> {
    const made = await this.#parts.keys.make(passphrase);
    this.forget();
    this.#keys = made;
    return { recoveryCode: made.recoveryCode };
  }

  /**
   * Writes the wrapped key, then makes the store. Nothing was on disk before; the keys stay in memory, so that a try
   * that fails can be repeated.
   * @throws store.closed without keys, and whatever keeps the files from being written
   */
  async makeStore(): Promise<{ store: StoreApi; dataKey: Uint8Array }> {
    const made = this.#keys;
    if (made === null) throw new RoadbookError('store.closed');
    const { files, openStore, now, log } = this.#parts;
    // What an earlier try began; without finished keys it holds no records.
    await clearUnfinished(files);
    await keepEarlierApart(files.backups, now(), log);
    await made.save(files.setupKeys);
    return { store: await openStore(made.dataKey, { create: true }), dataKey: made.dataKey };
  }

  forget(): void {
    this.#keys?.dataKey.fill(0);
    this.#keys = null;
  }
}
