import { EMPTY_DIGEST } from '../../../shared/sync/digest.ts';
import type { HeldMembership, MembershipWrite } from '../contract.ts';
import type { Catalog } from './catalog.ts';
import type { Statements } from './sqlite.ts';
import { type Key, packKey, unpackKey } from './values.ts';

const MODULUS = 1n << 128n;
const NONE = Buffer.alloc(0);

/** Why a row is here: one membership per bucket, each with the digest of what the server gave. */
export class Memberships {
  readonly #sql: Statements;
  readonly #catalog: Catalog;

  constructor(sql: Statements, catalog: Catalog) {
    this.#sql = sql;
    this.#catalog = catalog;
  }

  /** Applies the writes and moves each bucket's digest (the sum modulo 2^128) by their difference. */
  apply(writes: readonly MembershipWrite[]): void {
    const insert = this.#sql.rows(
      'INSERT INTO memberships (bucket, collection, k, digest) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    const find = this.#sql.values(
      'SELECT digest FROM memberships WHERE bucket = ? AND collection = ? AND k = ?',
    );
    const update = this.#sql.rows(
      'UPDATE memberships SET digest = ? WHERE bucket = ? AND collection = ? AND k = ?',
    );
    const remove = this.#sql.rows('DELETE FROM memberships WHERE bucket = ? AND collection = ? AND k = ?');
    const moves = new Map<number, bigint>();
    const move = (bucket: number, by: bigint) => moves.set(bucket, (moves.get(bucket) ?? 0n) + by);
    const numbers = new Map<string, number>();

    for (const { bucket, collection, id, op, digest } of writes) {
      let number = numbers.get(bucket);
      if (number === undefined) {
        number = this.#bucket(bucket);
        numbers.set(bucket, number);
      }
      const of = this.#catalog.get(collection).number;
      const key = packKey(id);
      if (op === 'put') {
        const bytes = digest === '' ? NONE : Buffer.from(digest, 'hex');
        if (insert.run(number, of, key, bytes).changes === 0) {
          move(number, -toNumber(find.get(number, of, key) as Uint8Array));
          update.run(bytes, number, of, key);
        }
        move(number, toNumber(bytes));
      } else {
        const old = find.get(number, of, key) as Uint8Array | undefined;
        if (!old) continue;
        remove.run(number, of, key);
        move(number, -toNumber(old));
      }
    }
    for (const [bucket, by] of moves) this.#move(bucket, by);
  }

  digest(bucket: string): string {
    return (
      (this.#sql.values('SELECT digest FROM buckets WHERE name = ?').get(bucket) as string | undefined) ??
      EMPTY_DIGEST
    );
  }

  /** Ids of one collection's rows in a bucket. */
  members(bucket: string, collection: string): string[] {
    const keys = this.#sql
      .values(
        'SELECT m.k FROM memberships m JOIN buckets b ON b.number = m.bucket WHERE b.name = ? AND m.collection = ?',
      )
      .all(bucket, this.#catalog.get(collection).number) as Key[];
    return keys.map(unpackKey);
  }

  /** Names of the buckets that have rows here. */
  names(): string[] {
    return this.#sql
      .values('SELECT name FROM buckets b WHERE EXISTS (SELECT 1 FROM memberships WHERE bucket = b.number)')
      .all() as string[];
  }

  /** Every bucket that each of these rows is in; rows that are in none are left out. */
  of(collection: string, ids: readonly string[]): Record<string, HeldMembership[]> {
    const { number } = this.#catalog.get(collection);
    // A device has few buckets: a probe of each costs less than one more index over all memberships.
    const one = this.#sql.rows(
      `SELECT b.name AS bucket, lower(hex(m.digest)) AS digest FROM buckets b
       CROSS JOIN memberships m ON m.bucket = b.number AND m.collection = ? AND m.k = ?`,
    );
    const out: Record<string, HeldMembership[]> = {};
    for (const id of ids) {
      const held = one.all(number, packKey(id)) as HeldMembership[];
      if (held.length > 0) out[id] = held;
    }
    return out;
  }

  /** The digest from the memberships themselves: what the kept digest must equal. */
  recompute(bucket: string): string {
    const rows = this.#sql
      .values('SELECT m.digest FROM memberships m JOIN buckets b ON b.number = m.bucket WHERE b.name = ?')
      .iterate(bucket) as Iterable<Uint8Array>;
    let sum = 0n;
    for (const digest of rows) sum += toNumber(digest);
    return toHex(sum);
  }

  #bucket(name: string): number {
    this.#sql.run(
      'INSERT INTO buckets (name, digest) VALUES (?, ?) ON CONFLICT DO NOTHING',
      name,
      EMPTY_DIGEST,
    );
    return this.#sql.values('SELECT number FROM buckets WHERE name = ?').get(name) as number;
  }

  #move(bucket: number, by: bigint): void {
    const now = this.#sql.values('SELECT digest FROM buckets WHERE number = ?').get(bucket) as string;
    this.#sql.run('UPDATE buckets SET digest = ? WHERE number = ?', toHex(BigInt(`0x${now}`) + by), bucket);
  }
}

function toNumber(digest: Uint8Array): bigint {
  return digest.length === 0
    ? 0n
    : BigInt(`0x${Buffer.from(digest.buffer, digest.byteOffset, digest.length).toString('hex')}`);
}

function toHex(value: bigint): string {
  return (((value % MODULUS) + MODULUS) % MODULUS).toString(16).padStart(32, '0');
}
