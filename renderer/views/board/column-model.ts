import type { RecordRow, Sort } from '../../../shared/ipc.ts';
import { isMoney } from '../../forms/show.ts';

/** A move that the screen shows before the lists know of it. */
export interface Move {
  /** The deal as it will stand in its new stage. */
  readonly row: RecordRow;
  readonly from: string;
  readonly to: string;
  /** Place in the new column. */
  readonly index: number;
  /** Versions of both views at the time of the move. */
  readonly fromVersion: number;
  readonly toVersion: number;
  readonly saved: boolean;
}

/** What a view tells of itself here; a `ViewSource` fits. */
export interface ColumnRows {
  readonly count: number;
  at(index: number): RecordRow | undefined;
  known(): Iterable<RecordRow>;
}

export interface ColumnModel {
  readonly count: number;
  at(index: number): RecordRow | undefined;
}

/** A column with the moves applied: without what left it, with what came, and with a gap where a card would drop. */
export function columnModel(
  rows: ColumnRows,
  stage: string,
  moves: readonly Move[],
  gap: number | null = null,
): ColumnModel & { readonly gap: number | null } {
  const here = new Set<string>();
  for (const row of rows.known()) here.add(row.id);
  const leaving = moves.filter((move) => move.from === stage && here.has(move.row.id));
  const coming = moves.filter((move) => move.to === stage && !here.has(move.row.id));
  const hidden = leaving.map((move) => indexOf(rows, move.row.id)).filter((index) => index >= 0);
  hidden.sort((a, b) => a - b);
  const left = Math.max(0, rows.count - hidden.length);
  const inserts = placed(coming, left);
  const count = left + inserts.length;
  const at = (index: number): RecordRow | undefined => {
    let place = index;
    for (const insert of inserts) {
      if (insert.index === index) return insert.row;
      if (insert.index < index) place -= 1;
    }
    for (const gone of hidden) if (gone <= place) place += 1;
    return rows.at(place);
  };
  if (gap === null) return { count, at, gap };
  const clamped = Math.max(0, Math.min(gap, count));
  return {
    count: count + 1,
    gap: clamped,
    at: (index) => (index === clamped ? undefined : at(index < clamped ? index : index - 1)),
  };
}

/** Places of the cards that came, each its own, none behind the end of the column. */
function placed(coming: readonly Move[], left: number): { index: number; row: RecordRow }[] {
  const sorted = [...coming].sort((a, b) => a.index - b.index);
  let last = -1;
  return sorted.map(({ row, index }, before) => {
    last = Math.max(last + 1, Math.min(index, left + before));
    return { row, index: last };
  });
}

function indexOf(rows: ColumnRows, id: string): number {
  // Only rows that are here can be seen, and they are few.
  for (let index = 0; index < rows.count; index += 1) {
    const row = rows.at(index);
    if (row === undefined) {
      if (index > 2000) return -1;
      continue;
    }
    if (row.id === id) return index;
  }
  return -1;
}

/** Where a card will stand in a column by the board's order; -1 when the rows that decide it are not here. */
export function placeFor(rows: ColumnModel, row: RecordRow, sort: Sort | undefined): number {
  if (sort === undefined) return 0;
  const own = sortValue(row, sort.field);
  for (let index = 0; index < rows.count; index += 1) {
    const other = rows.at(index);
    if (other === undefined) return -1;
    const before = compare(own, sortValue(other, sort.field)) * (sort.direction === 'asc' ? 1 : -1);
    if (before < 0) return index;
  }
  return rows.count;
}

function sortValue(row: RecordRow, field: string): unknown {
  if (field === 'name' || field === 'updatedAt') return row[field];
  const value = row.body[field];
  return isMoney(value) ? value.minor : value;
}

/** Nothing comes before something, as in the store. */
function compare(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (a === undefined || a === null) return -1;
  if (b === undefined || b === null) return 1;
  return a < b ? -1 : 1;
}

/** What a move does to the weighted sum, in minor units. */
export function weightedChange(row: RecordRow, probability: number): number {
  const { amount, probability: before } = row.body;
  if (!isMoney(amount)) return 0;
  const weight = (percent: number) => Math.round((amount.minor * percent) / 100);
  return weight(probability) - weight(Number(before ?? 0));
}
