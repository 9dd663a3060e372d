import type { ColumnType } from '../contract.ts';
import type { Collection } from './collection.ts';
import { KeySort, type Sorted, type Tied } from './keysort.ts';
import type { Condition } from './mango.ts';
import { rowNumbers } from './rownumbers.ts';
import { KeyWriter } from './sortkeys.ts';
import type { Statements } from './sqlite.ts';
import { fold, INSIDE_LIST, type Path, valueAt } from './values.ts';

/** Documents that are read at once at first, and at most; between two yields lie about so many milliseconds. */
const READ_FIRST = 128;
const READ_MOST = 2048;
const STEP_MILLIS = 5;
/** How far apart rows may lie that are read at once. */
const WIDEST = 4;
/** Share of the work that is reading; the rest is sorting. */
const READING = 0.8;

export interface SortPart {
  readonly path: Path;
  readonly direction: 'asc' | 'desc';
  /** Type of the column with this path; undefined where there is none. */
  readonly type: ColumnType | 'own' | undefined;
}

export interface DocSortPlan {
  readonly collection: Collection;
  readonly condition: Condition;
  readonly parts: readonly SortPart[];
  readonly keyDirection: 'asc' | 'desc';
  /** What SQL cannot tell; undefined where the condition decides alone. */
  readonly matches: ((doc: unknown) => boolean) | undefined;
  /** Bytes of keys that are held at once; see KeySort. */
  readonly budget?: number | undefined;
}

/**
 * Puts rows into an order that no column has: reads each document, keeps a short key of it, sorts the keys. Memory is
 * bounded, and between two steps of a few milliseconds others have their turn. What is written meanwhile may
 * be seen as it was, as it is, or not at all: whoever asks puts the rows right that changed since the first step.
 */
export class DocSort {
  readonly #sql: Statements;
  readonly #plan: DocSortPlan;
  readonly #writer = new KeyWriter();
  readonly #read: (first: number, last: number) => Found;

  constructor(sql: Statements, plan: DocSortPlan) {
    this.#sql = sql;
    this.#plan = plan;
    this.#read = reader(sql, plan);
  }

  /** Yields the share that is done. */
  *run(): Generator<number, Uint32Array> {
    const { rows, base, nextRow } = this.#plan.collection;
    const { sql, params } = this.#plan.condition;
    const select = `SELECT row - ${base} AS n FROM ${rows} WHERE deleted = 0 AND (${sql})`;
    const wanted = sql === '1' ? undefined : rowNumbers(this.#sql, select, params).sort();
    return yield* this.#order({
      wanted,
      count: wanted?.length ?? nextRow - base,
      groups: undefined,
      skip: 0,
    });
  }

  *#order(task: Task): Generator<number, Uint32Array> {
    const sort = new KeySort(task.count, task.skip, task.groups !== undefined, this.#plan.budget);
    let step: IteratorResult<number, Sorted>;
    try {
      yield* this.#readAll(task, sort);
      const sorting = sort.sorted();
      step = sorting.next();
      while (!step.done) {
        yield READING + (1 - READING) * step.value;
        step = sorting.next();
      }
    } finally {
      // Also when nobody wants the order any more.
      sort.release();
    }
    const { rows, tied } = step.value;
    if (tied.length > 0) yield* this.#apart(rows, tied, task.skip + sort.most);
    return rows;
  }

  *#readAll(task: Task, sort: KeySort): Generator<number, void> {
    let atOnce = READ_FIRST;
    for (let at = 0; at < task.count; ) {
      const started = performance.now();
      const to = endOf(task, at, atOnce);
      this.#gather(task, at, to, sort);
      const took = performance.now() - started;
      if (took > STEP_MILLIS) atOnce = Math.max(1, atOnce >>> 1);
      else if (took < STEP_MILLIS / 2 && to - at === atOnce) atOnce = Math.min(READ_MOST, atOnce * 2);
      at = to;
      yield (READING * at) / task.count;
    }
  }

  /** Rows that are equal as far as their keys were kept are read once more, all of them in one go. */
  *#apart(rows: Uint32Array, tied: readonly Tied[], skip: number): Generator<number, void> {
    const { nextRow, base } = this.#plan.collection;
    // By row number; 0 for rows that stand where they belong.
    const groupOf = new Uint32Array(nextRow - base);
    let count = 0;
    for (const [group, { from, to }] of tied.entries()) {
      for (let i = from; i < to; i += 1) groupOf[rows[i] as number] = group + 1;
      count += to - from;
    }
    yield 1;
    const wanted = new Uint32Array(count);
    const groups = new Uint32Array(count);
    let filled = 0;
    for (let row = 0; row < groupOf.length; row += 1) {
      const group = groupOf[row] as number;
      if (group === 0) continue;
      wanted[filled] = row;
      groups[filled] = group;
      filled += 1;
    }
    const apart = yield* silently(this.#order({ wanted, count, groups, skip }));
    let next = 0;
    for (const [group, { from, to }] of tied.entries()) {
      const before = rows.slice(from, to);
      const first = next;
      while (next < apart.length && groupOf[apart[next] as number] === group + 1) next += 1;
      const found = apart.subarray(first, next);
      rows.set(found, from);
      if (found.length === before.length) continue;
      // Some do not fit any more: they are put right with all that changed.
      const seen = new Set(found);
      rows.set(
        before.filter((row) => !seen.has(row)),
        from + found.length,
      );
    }
  }

  #gather({ wanted, groups }: Task, from: number, to: number, sort: KeySort): void {
    const { parts, keyDirection, matches } = this.#plan;
    const writer = this.#writer;
    const found = this.#read(
      wanted ? (wanted[from] as number) : from,
      wanted ? (wanted[to - 1] as number) : to - 1,
    );
    let next = from;
    for (let i = 0; i < found.rows.length; i += 1) {
      const row = found.rows[i] as number;
      if (wanted) {
        while (next < to && (wanted[next] as number) < row) next += 1;
        // One that was not there, or did not fit, when the rows were listed.
        if (wanted[next] !== row) continue;
      }
      if (matches && !matches(found.docs?.[i])) continue;
      writer.start();
      for (let p = 0; p < parts.length; p += 1) {
        const { path, type, direction } = parts[p] as SortPart;
        const value = found.docs ? valueAt(found.docs[i], path) : found.values[p]?.[i];
        writer.put(columnForm(type, value), direction === 'desc');
      }
      writer.put(keyFrom(found.keys[i] as string), keyDirection === 'desc');
      sort.add(row, groups?.[next] ?? 0, writer.bytes, writer.length);
    }
  }
}

/** Rows to be put in order. */
interface Task {
  /** Ascending; undefined for all rows below `count`. */
  readonly wanted: Uint32Array | undefined;
  readonly count: number;
  /** Of each wanted row, when only rows of the same group have to be told apart. */
  readonly groups: Uint32Array | undefined;
  /** Bytes of their keys that are equal within a group. */
  readonly skip: number;
}

/** What is read of some documents at once. */
interface Found {
  readonly rows: readonly number[];
  readonly keys: readonly string[];
  /** Of each path, the value of each document; or else the documents themselves. */
  readonly values: readonly (readonly unknown[])[];
  readonly docs: readonly unknown[] | undefined;
}

/** SQL takes the values out of the documents and hands many over as one text: a third of the time of one by one. */
function reader(sql: Statements, plan: DocSortPlan): (first: number, last: number) => Found {
  const { collection, condition, parts, matches } = plan;
  const { rows, docs, base } = collection;
  const whole = matches !== undefined || !parts.every(({ path }) => path.every(isPlain));
  const values = whole
    ? ["'[' || group_concat(d.doc) || ']'"]
    : parts.map(({ path }) => `json_group_array(d.doc -> '$${path.map((name) => `."${name}"`).join('')}')`);
  const statement = sql.db
    .prepare<unknown[]>(
      `SELECT json_group_array(r.row - ${base}),
              json_group_array(iif(typeof(r.k) = 'blob', hex(r.k), '=' || r.k)), ${values.join(', ')}
       FROM (SELECT row, k FROM ${rows} NOT INDEXED
             WHERE row BETWEEN ? AND ? AND deleted = 0 AND (${condition.sql}) ORDER BY row) r
       CROSS JOIN ${docs} d ON d.row = r.row`,
    )
    .raw(true);
  return (first, last) => {
    const texts = statement.get(base + first, base + last, ...condition.params) as (string | null)[];
    const [numbers = [], keys = [], ...rest] = texts.map((text) => JSON.parse(text ?? '[]') as unknown[]);
    return {
      rows: numbers as number[],
      keys: keys as string[],
      values: whole ? [] : rest,
      docs: whole ? rest[0] : undefined,
    };
  };
}

/** Names that mean the same in a path of SQL. */
const isPlain = (name: string): boolean => /^\w+$/.test(name);

/** Keys as they are read; a call that makes new bytes each time would cost more than the rest of it. */
const packed = Buffer.alloc(16);

function keyFrom(text: string): string | Uint8Array {
  if (text.startsWith('=')) return text.slice(1);
  if (text.length !== 32) return Buffer.from(text, 'hex');
  packed.write(text, 'hex');
  return packed;
}

/** Where a stretch of up to `atOnce` rows ends whose span is not mostly other rows. */
function endOf({ wanted, count }: Task, from: number, atOnce: number): number {
  const last = Math.min(count, from + atOnce);
  if (!wanted) return last;
  const widest = (wanted[from] as number) + WIDEST * atOnce;
  let to = from + 1;
  while (to < last && (wanted[to] as number) < widest) to += 1;
  return to;
}

/** What a column of this type holds of a value; one that there is not would be a folded text or a number. */
export function columnForm(type: SortPart['type'], value: unknown): string | number | null {
  if (value === undefined || value === null || value === INSIDE_LIST) return null;
  if (typeof value === 'string') return type === 'number' ? null : type === 'key' ? value : fold(value);
  if (type === 'text' || type === 'key') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'boolean' ? Number(value) : null;
}

/** Does the work without saying how far it is. */
function* silently<Value>(work: Generator<number, Value>): Generator<number, Value> {
  let step = work.next();
  while (!step.done) {
    yield 1;
    step = work.next();
  }
  return step.value;
}
