/** Bytes of keys that are held at once: when there are more, less is kept of each key, down to so much. */
const BUDGET = 64 * 2 ** 20;
const LEAST = 24;
const MOST = 1024;
/** Rows that are sorted at once, about 3 ms; from then on they are merged. */
const RUN = 4096;
/** Rows that are moved between two yields, about 1 ms. */
const MOVED = 8192;

/** Rows whose keys are longer than what is kept of them, and equal that far. */
export interface Tied {
  readonly from: number;
  readonly to: number;
}

export interface Sorted {
  readonly rows: Uint32Array;
  readonly tied: readonly Tied[];
}

/** Node 20 does not have it yet; there the collector has to come. */
interface Transferable {
  readonly transfer?: (length: number) => unknown;
}

/**
 * Sorts row numbers by groups and keys of bytes within bounded memory: of each key the same number of bytes is kept,
 * from `skip` on. Works in small steps: sorted runs, then merges. All memory is one piece: the system gives it as it
 * is used and takes it back as a whole.
 */
export class KeySort {
  readonly #skip: number;
  readonly #memory: ArrayBuffer;
  readonly #rows: Uint32Array;
  /** The group and the first eight bytes of each key, which decide most comparisons; where all that is kept of it lies. */
  readonly #groups: Uint32Array | undefined;
  readonly #first: Uint32Array;
  readonly #second: Uint32Array;
  readonly #places: Uint32Array;
  readonly #lengths: Uint32Array;
  /** Where the rows are moved to and fro. */
  readonly #orders: readonly [Uint32Array, Uint32Array];
  readonly #keys: Uint8Array;
  #most = MOST;
  #free = 0;
  #count = 0;

  /**
   * @param skip bytes of all keys that are not looked at
   * @param grouped whether rows are in groups, which come before all keys
   */
  constructor(capacity: number, skip: number, grouped: boolean, budget = BUDGET) {
    const lists = grouped ? 8 : 7;
    const keys = Math.max(LEAST * capacity, Math.min(MOST * capacity, budget));
    const memory = new ArrayBuffer(lists * 4 * capacity + keys);
    const list = (at: number) => new Uint32Array(memory, at * 4 * capacity, capacity);
    this.#skip = skip;
    this.#memory = memory;
    this.#rows = list(0);
    this.#first = list(1);
    this.#second = list(2);
    this.#places = list(3);
    this.#lengths = list(4);
    this.#orders = [list(5), list(6)];
    this.#groups = grouped ? list(7) : undefined;
    this.#keys = new Uint8Array(memory, lists * 4 * capacity);
  }

  /** Bytes of each key from `skip` on that decide the order. */
  get most(): number {
    return this.#most;
  }

  /** No more rows than the capacity. */
  add(row: number, group: number, key: Uint8Array, keyLength: number): void {
    const at = this.#count;
    const from = Math.min(this.#skip, keyLength);
    if (this.#free + Math.min(this.#most, keyLength - from) > this.#keys.length) this.#shorten();
    const length = Math.min(this.#most, keyLength - from);
    this.#count += 1;
    this.#rows[at] = row;
    if (this.#groups) this.#groups[at] = group;
    this.#first[at] = word(key, from, from + length);
    this.#second[at] = word(key, from + 4, from + length);
    this.#lengths[at] = length;
    this.#places[at] = this.#free;
    if (length <= 8) return;
    const keys = this.#keys;
    for (let i = 0; i < length; i += 1) keys[this.#free + i] = key[from + i] as number;
    this.#free += length;
  }

  /** Keeps less of all keys, the earlier ones too, so that there is room for more. */
  #shorten(): void {
    let bytes: number;
    do {
      this.#most = Math.max(LEAST, Math.floor(this.#most * 0.75));
      bytes = 0;
      for (let i = 0; i < this.#count; i += 1) bytes += Math.min(this.#most, this.#lengths[i] as number);
    } while (bytes > this.#keys.length * 0.7 && this.#most > LEAST);
    this.#free = 0;
    for (let i = 0; i < this.#count; i += 1) {
      const length = this.#lengths[i] as number;
      const kept = Math.min(this.#most, length);
      const place = this.#places[i] as number;
      this.#lengths[i] = kept;
      this.#places[i] = this.#free;
      if (length <= 8) continue;
      this.#keys.copyWithin(this.#free, place, place + kept);
      this.#free += kept;
    }
  }

  /**
   * The rows in order, and those whose order the kept parts of their keys do not tell. Yields between steps of a few
   * milliseconds the share that is done.
   */
  *sorted(): Generator<number, Sorted> {
    const count = this.#count;
    const compare = (a: number, b: number) => this.#compare(a, b);
    let [order, other] = this.#orders;
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
    const tied = this.#tied(order.subarray(0, count));
    const rows = new Uint32Array(count);
    for (let i = 0; i < count; i += 1) rows[i] = this.#rows[order[i] as number] as number;
    return { rows, tied };
  }

  /** Gives the memory back: a thread that has nothing more to do may not come to collect it for long. */
  release(): void {
    (this.#memory as Transferable).transfer?.(0);
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
      for (let i = 8; i < length; i += 1) {
        const byte = (this.#keys[placeA + i] as number) - (this.#keys[placeB + i] as number);
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
