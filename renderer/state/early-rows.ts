import type { RecordRow } from '../../shared/ipc.ts';

/** Rows that stand on the screen before the main process has said so, over those that came from it. */
export class EarlyRows {
  readonly #rows = new Map<string, RecordRow>();
  /** Those that the main process has confirmed: they stand until a page holds them. */
  readonly #confirmed = new WeakSet<RecordRow>();

  /** The row as it is shown. */
  over(row: RecordRow): RecordRow {
    return this.#rows.get(row.id) ?? row;
  }

  show(row: RecordRow): void {
    this.#rows.set(row.id, row);
  }

  confirm(row: RecordRow): void {
    this.#rows.set(row.id, row);
    this.#confirmed.add(row);
  }

  /** Takes back one that was shown; a newer one in its place stays. */
  takeBack(row: RecordRow): void {
    if (this.#rows.get(row.id) === row) this.#rows.delete(row.id);
  }

  /** A page is here: what it holds need not be shown early any more. */
  arrived(page: readonly RecordRow[]): void {
    for (const row of page) {
      const own = this.#rows.get(row.id);
      if (own !== undefined && this.#confirmed.has(own) && row.updatedAt >= own.updatedAt) {
        this.#rows.delete(row.id);
      }
    }
  }
}
