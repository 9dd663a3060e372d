/** An ordered list of row numbers within a collection: 4 bytes a row, and changes in the middle are one move. */
export class RowList {
  #rows: Uint32Array;
  #length: number;

  constructor(rows: Uint32Array) {
    this.#rows = rows;
    this.#length = rows.length;
  }

  get length(): number {
    return this.#length;
  }

  /** @throws RangeError outside the list */
  at(index: number): number {
    const row = index < this.#length ? this.#rows[index] : undefined;
    if (row === undefined) throw new RangeError(`no row ${index} in a list of ${this.#length}`);
    return row;
  }

  slice(from: number, to: number): Uint32Array {
    return this.#rows.subarray(Math.max(0, from), Math.min(this.#length, Math.max(from, to)));
  }

  indexOf(row: number): number {
    const index = this.#rows.indexOf(row);
    return index < this.#length ? index : -1;
  }

  removeAt(index: number): void {
    this.#rows.copyWithin(index, index + 1, this.#length);
    this.#length -= 1;
  }

  /** Takes out all rows of a set in one go. */
  removeAll(gone: ReadonlySet<number>): void {
    let kept = 0;
    for (let i = 0; i < this.#length; i += 1) {
      const row = this.#rows[i] as number;
      if (gone.has(row)) continue;
      this.#rows[kept] = row;
      kept += 1;
    }
    this.#length = kept;
  }

  insertAt(index: number, row: number): void {
    if (this.#length === this.#rows.length) {
      const wider = new Uint32Array(Math.max(64, Math.ceil(this.#length * 1.25)));
      wider.set(this.#rows.subarray(0, this.#length));
      this.#rows = wider;
    }
    this.#rows.copyWithin(index + 1, index, this.#length);
    this.#rows[index] = row;
    this.#length += 1;
  }
}
