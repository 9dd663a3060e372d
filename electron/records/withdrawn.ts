import type { StoreApi } from '../store/contract.ts';
import { values } from './context.ts';

/** A record that a draft was for. */
export interface DraftOf {
  readonly collection: string;
  readonly id: string;
}

/**
 * What lies beside the store of records that have left this device: drafts in the window, backups in their folder. The
 * store says when records left last, and up to when each of these was cleared of them; what a crash cut off is due
 * again after the next start.
 */
export class Withdrawn {
  readonly #store: StoreApi;

  constructor(store: StoreApi) {
    this.#store = store;
  }

  /**
   * Which of the records that the window keeps drafts of are not here any more.
   * @returns number: to be given to draftsCleared() once these drafts are gone; 0 when there is nothing to do
   */
  async draftsToClear(records: readonly DraftOf[]): Promise<{ number: number; gone: DraftOf[] }> {
    const number = await this.#due(values.draftsCleared);
    // Some of the records may be about to come again; the window is told once that is over.
    const leaving = ((await this.#store.value(values.leaving)) ?? null) !== null;
    if (number === 0 || leaving) return { number: 0, gone: [] };
    const here = await this.#store.lookup(
      records.map(({ id }) => id),
      'id',
    );
    return { number, gone: records.filter(({ id }) => here[id] === undefined) };
  }

  async draftsCleared(number: number): Promise<void> {
    await this.#store.commit({ values: { [values.draftsCleared]: number } });
  }

  /** Backups up to this time, in ms, hold what is not here any more; 0 when none does. */
  backupsUpTo(): Promise<number> {
    return this.#due(values.backupsCleared);
  }

  async backupsCleared(upTo: number): Promise<void> {
    await this.#store.commit({ values: { [values.backupsCleared]: upTo } });
  }

  async #due(cleared: string): Promise<number> {
    const [last, done] = await Promise.all([this.#store.value(values.withdrawn), this.#store.value(cleared)]);
    return Number(last ?? 0) > Number(done ?? 0) ? Number(last) : 0;
  }
}
