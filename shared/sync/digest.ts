import { type HashText, sha256Hex } from '../hash.ts';
import { canonical } from './canonical.ts';
import type { WireRow } from './wire.ts';

/**
 * The digest of a bucket: the sum modulo 2^128 of one hash per row, so that it can be kept up to date row by row and
 * does not depend on order. Both sides compute it over server values only; unsent edits are left out.
 */
export const EMPTY_DIGEST = '0'.repeat(32);
const MODULUS = 1n << 128n;

/** The first 128 bits of SHA-256 over id, revision and canonical values, as 32 hex digits. */
export function rowDigest(
  row: { id: string; rev: number; values: unknown },
  hash: HashText = sha256Hex,
): string {
  return hash(`${row.id}\n${row.rev}\n${canonical(row.values)}`).slice(0, 32);
}

/** Digest of a live row as both sides hold it. Deleted rows are taken out of the sum, not added to it. */
export function wireRowDigest(row: WireRow, hash: HashText = sha256Hex): string {
  const { collection, owner, team, territory, createdAt, createdBy, updatedAt, updatedBy, body } = row;
  const values = { collection, owner, team, territory, createdAt, createdBy, updatedAt, updatedBy, body };
  return rowDigest({ id: row.id, rev: row.rev, values }, hash);
}

export function addDigest(sum: string, row: string): string {
  return hex(BigInt(`0x${sum}`) + BigInt(`0x${row}`));
}

export function subtractDigest(sum: string, row: string): string {
  return hex(BigInt(`0x${sum}`) - BigInt(`0x${row}`) + MODULUS);
}

function hex(value: bigint): string {
  return (value % MODULUS).toString(16).padStart(32, '0');
}
