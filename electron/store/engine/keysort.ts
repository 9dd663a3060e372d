/** Memory for keys is taken in pieces of at most and at least so many bytes; no key lies in two of them. */
const MOST_AT_ONCE = 2 ** 22;
const LEAST_AT_ONCE = 2 ** 12;
/** Rows that are sorted at once, about 3 ms; from then on they are merged. */
const RUN = 4096;
/** Rows that are moved between two yields, about 1 ms. */
const MOVED = 8192;

/** Bytes of keys that are held at once: when there are more, less is kept of each key, down to so much. */
const BUDGET = 64 * 2 ** 20;
const LEAST = 24;

/** Rows whose keys are longer than what is kept of them, and equal that far. */
export interface Tied {
  readonly from: number;
  readonly to: number;
}

/**
 * Sorts row numbers by groups and keys of bytes within bounded memory: of each key the same number of bytes is kept,
 * from `skip` on. Works in small steps: sorted runs, then merges.
 */
export class KeySort {
  readonly #skip: number;
  readonly #rows: Uint32Array;
  /** The group and the first eight bytes of each key, which decide most comparisons; where all that is kept of it lies. */
  readonly #groups: Uint32Array | undefined;
  readonly #first: Uint32Array;
  readonly #second: Uint32Array;
  readonly #places: Uint32Array;
  readonly #lengths: Uint16Array;
  readonly #budget: number;
  #most = 1024;
  #pieces: Uint8Array[] = [];
  readonly #piece: number;
  #free: number;
  #count = 0;

  /**
   * @param skip bytes of all keys that are not looked at
   * @param grouped whether rows are in groups, which come before all keys
   */
  constructor(capacity: number, skip: number, grouped: boolean, budget = BUDGET) {
    this.#budget = budget;
    this.#piece = Math.max(LEAST_AT_ONCE, Math.min(MOST_AT_ONCE, Math.floor(budget / 16)));
    this.#free = this.#piece;
    this.#groups = grouped ? new Uint32Array(capacity) : undefined;
    this.#skip = skip;
    this.#rows = new Uint32Array(capacity);
    this.#first = new Uint32Array(capacity);
    this.#second = new Uint32Array(capacity);
    this.#places = new Uint32Array(capacity);
    this.#lengths = new Uint16Array(capacity);
  }

  /** No more rows than the capacity. */
  add(row: number, group: number, key: Uint8Array, keyLength: number): void {
    const at = this.#count;
    this.#count += 1;
    const from = Math.min(this.#skip, keyLength);
    const length = Math.min(this.#most, keyLength - from);
    this.#rows[at] = row;
    if (this.#groups) this.#groups[at] = group;
    this.#first[at] = word(key, from, from + length);
    this.#second[at] = word(key, from + 4, from + length);
    this.#lengths[at] = length;
    if (length > 8) this.#keep(at, key, from, length);
  }

  /** Bytes of each key from `skip` on that decided the order. */
  get most(): number {
    return this.#most;
  }

  #keep(at: number, key: Uint8Array, from: number, length: number): void {
    if (this.#free + length > this.#piece) {
      if (this.#pieces.length * this.#piece >= this.#budget && this.#most > LEAST) {
        this.#shorten();
        this.#lengths[at] = Math.min(this.#most, length);
        this.#keep(at, key, from, Math.min(this.#most, length));
        return;
      }
      this.#pieces.push(new Uint8Array(this.#piece));
      this.#free = 0;
    }
    const piece = this.#pieces.at(-1) as Uint8Array;
    for (let i = 0; i < length; i += 1) piece[this.#free + i] = key[from + i] as number;
    this.#places[at] = (this.#pieces.length - 1) * this.#piece + this.#free;
    this.#free += length;
  }

  /** Keeps less of all keys, the earlier ones too, so that there is room for more. */
  #shorten(): void {
    const before = this.#count - 1;
    let bytes: number;
    do {
      this.#most = Math.max(LEAST, Math.floor(this.#most * 0.75));
      bytes = 0;
      for (let i = 0; i < before; i += 1) bytes += Math.min(this.#most, this.#lengths[i] as number);
    } while (bytes > this.#budget * 0.7 && this.#most > LEAST);
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#free = this.#piece;
    for (let i = 0; i < before; i += 1) {
      const length = this.#lengths[i] as number;
      const kept = Math.min(this.#most, length);
      this.#lengths[i] = kept;
      if (length <= 8) continue;
      const place = this.#places[i] as number;
      if (this.#free + kept > this.#piece) {
        this.#pieces.push(new Uint8Array(this.#piece));
        this.#free = 0;
      }
      const from = place % this.#piece;
      const old = pieces[Math.floor(place / this.#piece)] as Uint8Array;
      (this.#pieces.at(-1) as Uint8Array).set(old.subarray(from, from + kept), this.#free);
      this.#places[i] = (this.#pieces.length - 1) * this.#piece + this.#free;
      this.#free += kept;
    }
  }

  /**
   * The rows in order, and those whose order the kept parts of their keys do not tell. Yields between steps of a few
   * milliseconds the share that is done.
   */
  *sorted(): Generator<number, { readonly rows: Uint32Array; readonly tied: readonly Tied[] }> {
    const count = this.#count;
    const compare = (a: number, b: number) => this.#compare(a, b);
    let order = new Uint32Array(count);
    let other = new Uint32Array(count);
    const levels = 1 + Math.ceil(Math.log2(Math.max(1, count / RUN)));
    let done = 0;
    for (let from = 0; from < count; from += RUN) {
      const to = Math.min(count, from + RUN);
      for (let i = from; i < to; i += 1) order[i] = i;
      order.subarray(from, to).sort(compare);
      yield from / count / levels;
    }
    for (let width = RUN; width < count; width *= 2) {
      done += 1;
      let moved = 0;
      for (let from = 0; from < count; from += 2 * width) {
        const middle = Math.min(count, from + width);
        const to = Math.min(count, from + 2 * width);
        let left = from;
        let right = middle;
        // Rows that came in order need no comparisons.
        if (middle === to || compare(order[middle - 1] as number, order[middle] as number) <= 0) {
          other.set(order.subarray(from, to), from);
          continue;
        }
        for (let i = from; i < to; i += 1) {
          const takeLeft =
            right >= to || (left < middle && compare(order[left] as number, order[right] as number) <= 0);
          other[i] = order[takeLeft ? left++ : right++] as number;
          moved += 1;
          if (moved % MOVED === 0) yield (done + i / count) / levels;
        }
      }
      [order, other] = [other, order];
    }
    const tied = this.#tied(order);
    for (let i = 0; i < count; i += 1) other[i] = this.#rows[order[i] as number] as number;
    return { rows: other, tied };
  }

  #tied(order: Uint32Array): Tied[] {
    const tied: Tied[] = [];
    let from = 0;
    for (let i = 1; i <= order.length; i += 1) {
      const same =
        i < order.length &&
        this.#lengths[order[i] as number] === this.#most &&
        this.#compare(order[i - 1] as number, order[i] as number) === 0;
      if (same) continue;
      if (i - from > 1) tied.push({ from, to: i });
      from = i;
    }
    return tied;
  }

  #compare(a: number, b: number): number {
    if (this.#groups) {
      const group = (this.#groups[a] as number) - (this.#groups[b] as number);
      if (group !== 0) return group;
    }
    const first = (this.#first[a] as number) - (this.#first[b] as number);
    if (first !== 0) return first;
    const second = (this.#second[a] as number) - (this.#second[b] as number);
    if (second !== 0) return second;
    const [lengthA, lengthB] = [this.#lengths[a] as number, this.#lengths[b] as number];
    const length = Math.min(lengthA, lengthB);
    if (length > 8) {
      const [placeA, placeB] = [this.#places[a] as number, this.#places[b] as number];
      const pieceA = this.#pieces[Math.floor(placeA / this.#piece)] as Uint8Array;
      const pieceB = this.#pieces[Math.floor(placeB / this.#piece)] as Uint8Array;
      const [fromA, fromB] = [placeA % this.#piece, placeB % this.#piece];
      for (let i = 8; i < length; i += 1) {
        const byte = (pieceA[fromA + i] as number) - (pieceB[fromB + i] as number);
        if (byte !== 0) return byte;
      }
    }
    return lengthA - lengthB;
  }
}

/** Four bytes as a number, as many of them as lie before `end`. */
function word(key: Uint8Array, at: number, end: number): number {
  const byte = (i: number) => (at + i < end ? (key[at + i] as number) : 0);
  return ((byte(0) << 24) | (byte(1) << 16) | (byte(2) << 8) | byte(3)) >>> 0;
}
