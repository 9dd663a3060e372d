import { randomBytes } from 'node:crypto';
import { genesis, leafHash, linkHash } from '../../../shared/audit/chain.ts';
import type { AuditFilter } from '../../../shared/ipc/records.ts';
import type { ChainVerdict, HistoryEntry, HistoryWrite } from '../contract.ts';
import { nativeHash } from './hash.ts';
import { missingIn } from './missing.ts';
import type { SqlValue, Statements } from './sqlite.ts';
import { fold } from './values.ts';

/** Filters whose matches are kept; an audit screen uses one at a time. */
const KEPT_FILTERS = 4;
/** Entries that verification checks before it lets other work through: about 5 ms. */
const VERIFY_SLICE = 400;

interface Kept {
  /** Sequence numbers of the matches, ascending; entries are only ever added at the end. */
  readonly seqs: number[];
  upTo: number;
}

interface EntryRow {
  readonly seq: number;
  readonly state: string;
  readonly leaf: string;
  readonly hash: string;
  readonly salt: string | null;
  readonly entry: string | null;
}

/** Where the number and hash of the last entry are noted beside the table. */
const HEAD = 'history head';

/** The index leaves out events, which have no mutation: only with the second half does SQLite know that it fits. */
export const OF_MUTATION = "mutation = ? AND mutation <> ''";

const SELECT =
  'SELECT h.seq, h.state, h.leaf, h.hash, v.salt, v.entry FROM history h LEFT JOIN history_values v ON v.seq = h.seq';

/** History of the store: append-only, chained by hashes, its values apart so that they can be erased. */
export class History {
  readonly #sql: Statements;
  readonly #start: string;
  readonly #kept = new Map<string, Kept>();
  #total = 0;
  #last = '';

  constructor(sql: Statements, owner: string, store: string) {
    this.#sql = sql;
    this.#start = genesis(owner, store, nativeHash);
    this.reload();
  }

  get total(): number {
    return this.#total;
  }

  /** Reads the head of the chain again; after a rollback it has moved back. */
  reload(): void {
    const last = this.#sql.rows('SELECT seq, hash FROM history ORDER BY seq DESC LIMIT 1').get() as
      | { seq: number; hash: string }
      | undefined;
    this.#total = last?.seq ?? 0;
    this.#last = last?.hash ?? this.#start;
  }

  /** Appends entries; an entry of a mutation that is already there is left out. */
  append(entries: readonly HistoryWrite[]): void {
    const known = this.#sql.values(`SELECT 1 FROM history WHERE ${OF_MUTATION}`);
    const link = this.#sql.rows(
      `INSERT INTO history (seq, kind, collection, record, user, offline, mutation, state, leaf, hash)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const values = this.#sql.rows('INSERT INTO history_values (seq, salt, entry, words) VALUES (?, ?, ?, ?)');
    for (const write of entries) {
      if (write.mutation !== '' && known.get(write.mutation) !== undefined) continue;
      // State is not part of the leaf: it changes when the server answers. Values take their JSON form first, so
      // that what is hashed is exactly what will be read.
      const { state, ...told } = write;
      const text = JSON.stringify({ ...told, from: told.from ?? null, to: told.to ?? null });
      const salt = randomBytes(16).toString('hex');
      const leaf = leafHash(salt, JSON.parse(text), nativeHash);
      const hash = linkHash(this.#last, leaf, nativeHash);
      const seq = this.#total + 1;
      const { kind, collection, record, user, offline, mutation } = told;
      link.run(seq, kind, collection, record, user, offline ? 1 : 0, mutation, state, leaf, hash);
      values.run(seq, salt, text, wordsOf(write));
      this.#total = seq;
      this.#last = hash;
    }
    this.#sql.run(
      'INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)',
      HEAD,
      `${this.#total} ${this.#last}`,
    );
  }

  /** Erases what was told of a record; that something was, and the chain, stay. */
  erase(record: string): void {
    const { changes } = this.#sql
      .rows(
        "DELETE FROM history_values WHERE seq IN (SELECT seq FROM history WHERE record = ? AND record <> '')",
      )
      .run(record);
    // Matches of a text are no matches any more.
    if (changes > 0) this.#kept.clear();
  }

  /** The same for every record of a collection that is not among its rows. */
  eraseMissing(collection: string, rows: string): void {
    const { changes } = this.#sql
      .rows(
        `DELETE FROM history_values WHERE seq IN (
           SELECT seq FROM history WHERE collection = ? AND record <> '' AND ${missingIn(rows)}
         )`,
      )
      .run(collection);
    if (changes > 0) this.#kept.clear();
  }

  settle(mutation: string, state: string): void {
    this.#sql.run(`UPDATE history SET state = ? WHERE ${OF_MUTATION}`, state, mutation);
  }

  count(filter: AuditFilter): { count: number; total: number } {
    return { count: isEmpty(filter) ? this.#total : this.#matches(filter).length, total: this.#total };
  }

  /** Newest first; any offset costs the same. */
  rows(filter: AuditFilter, from: number, count: number): HistoryEntry[] {
    const out: HistoryEntry[] = [];
    if (isEmpty(filter)) {
      const newest = this.#total - from;
      const page = this.#sql.rows(`${SELECT} WHERE h.seq <= ? AND h.seq > ? ORDER BY h.seq DESC`);
      for (const row of page.all(newest, Math.max(0, newest - count)) as EntryRow[]) out.push(entryOf(row));
      return out;
    }
    const seqs = this.#matches(filter);
    const one = this.#sql.rows(`${SELECT} WHERE h.seq = ?`);
    for (let i = seqs.length - 1 - from; i >= 0 && out.length < count; i -= 1) {
      out.push(entryOf(one.get(seqs[i]) as EntryRow));
    }
    return out;
  }

  /**
   * Walks the chain from its beginning; other work goes on between slices. Entries that are appended meanwhile are
   * checked too.
   */
  async verify(pause: () => Promise<void>): Promise<ChainVerdict> {
    const page = this.#sql.rows(
      `SELECT h.*, v.salt, v.entry FROM history h LEFT JOIN history_values v ON v.seq = h.seq
       WHERE h.seq > ? ORDER BY h.seq LIMIT ${VERIFY_SLICE}`,
    );
    let previous = this.#start;
    let seq = 0;
    const fault = (at: number, reason: string): ChainVerdict => ({
      ok: false,
      entries: this.#total,
      head: this.#last,
      fault: { seq: at, reason },
    });
    for (;;) {
      const rows = page.all(seq) as StoredEntry[];
      for (const row of rows) {
        if (row.seq !== seq + 1) return fault(seq + 1, 'gap');
        if (linkHash(previous, row.leaf, nativeHash) !== row.hash) return fault(row.seq, 'link');
        if (row.salt !== null && row.entry !== null && !leafFits(row, row.salt, row.entry))
          return fault(row.seq, 'leaf');
        previous = row.hash;
        seq = row.seq;
      }
      if (rows.length < VERIFY_SLICE) break;
      await pause();
    }
    // A tail that was cut off does not reach the head that was noted with the last entry.
    const noted = this.#sql.values('SELECT value FROM meta WHERE key = ?').get(HEAD) as string | undefined;
    if (noted !== undefined && noted !== `${seq} ${previous}`) return fault(seq + 1, 'gap');
    return { ok: true, entries: seq, head: previous, fault: null };
  }

  #matches(filter: AuditFilter): number[] {
    const name = JSON.stringify(filter, Object.keys(filter).sort());
    let kept = this.#kept.get(name);
    if (!kept) {
      if (this.#kept.size >= KEPT_FILTERS) {
        const [oldest] = this.#kept.keys();
        if (oldest !== undefined) this.#kept.delete(oldest);
      }
      kept = { seqs: [], upTo: 0 };
      this.#kept.set(name, kept);
    }
    if (kept.upTo < this.#total) {
      const { where, params } = conditions(filter);
      const text = filter.text !== undefined && filter.text !== '';
      const join = text ? ' JOIN history_values v ON v.seq = h.seq' : '';
      const found = this.#sql
        .values(`SELECT h.seq FROM history h${join} WHERE h.seq > ? AND ${where} ORDER BY h.seq`)
        .all(kept.upTo, ...params) as number[];
      for (const seq of found) kept.seqs.push(seq);
      kept.upTo = this.#total;
    }
    return kept.seqs;
  }
}

interface StoredEntry extends EntryRow {
  readonly kind: string;
  readonly collection: string;
  readonly record: string;
  readonly user: string;
  readonly offline: number;
  readonly mutation: string;
}

/** The columns that filters use must say what the hashed entry says. */
function leafFits(row: StoredEntry, salt: string, entry: string): boolean {
  const told = JSON.parse(entry) as HistoryWrite;
  const same =
    told.kind === row.kind &&
    told.collection === row.collection &&
    told.record === row.record &&
    told.user === row.user &&
    told.offline === (row.offline === 1) &&
    told.mutation === row.mutation;
  return same && leafHash(salt, told, nativeHash) === row.leaf;
}

function isEmpty(filter: AuditFilter): boolean {
  return conditions(filter).params.length === 0;
}

function conditions(filter: AuditFilter): { where: string; params: SqlValue[] } {
  const parts: string[] = [];
  const params: SqlValue[] = [];
  const also = (sql: string, ...values: SqlValue[]) => {
    parts.push(sql);
    params.push(...values);
  };
  if (filter.kinds && filter.kinds.length > 0) {
    also(`h.kind IN (${filter.kinds.map(() => '?').join(', ')})`, ...filter.kinds);
  }
  if (filter.user !== undefined) also('h.user = ?', filter.user);
  if (filter.offline !== undefined) also('h.offline = ?', filter.offline ? 1 : 0);
  if (filter.collection !== undefined) also('h.collection = ?', filter.collection);
  // The second half lets SQLite use the index, which leaves out entries without a record.
  if (filter.record !== undefined) also("h.record = ? AND h.record <> ''", filter.record);
  if (filter.text !== undefined && filter.text !== '') also('instr(v.words, ?) > 0', fold(filter.text));
  return { where: parts.length === 0 ? '1' : parts.join(' AND '), params };
}

function wordsOf(write: HistoryWrite): string {
  const values = [write.name, write.field, write.from, write.to, write.deviceName].filter(
    (value) => value !== null && value !== undefined && value !== '',
  );
  return fold(values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n'));
}

function entryOf(row: EntryRow): HistoryEntry {
  const told = row.entry === null ? erased : (JSON.parse(row.entry) as Omit<HistoryWrite, 'state'>);
  return { ...told, state: row.state, seq: row.seq, hash: row.hash };
}

/** What is left to show of an entry whose values were erased. */
const erased: Omit<HistoryWrite, 'state'> = {
  at: '',
  kind: 'erased',
  collection: '',
  record: '',
  name: '',
  field: '',
  from: null,
  to: null,
  user: '',
  device: '',
  deviceName: '',
  offline: false,
  mutation: '',
};
