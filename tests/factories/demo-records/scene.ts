import type { RecordRow } from '../../../shared/ipc.ts';
import { type Body, type CollectionName, entityOf } from '../../../shared/model/index.ts';
import { people } from './words.ts';

/** The day on which the invented company lives. */
export const demoNow = '2017-11-14T09:52:00Z';

/** Where records are added to, and the chance that they come from: the same every time, in the same order. */
export interface Scene {
  readonly rows: Map<CollectionName, RecordRow[]>;
  readonly names: Map<string, string>;
  add(collection: CollectionName, id: string, body: Body, extra?: Partial<RecordRow>): RecordRow;
  random(): number;
  pick<T>(list: readonly T[]): T;
  whole(from: number, to: number): number;
  /** A day so many days from now. */
  day(offset: number): string;
  at(minutesAgo: number): string;
  owner(): string;
}

export function emptyScene(): Scene {
  const random = seeded(20_171_114);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const rows = new Map<CollectionName, RecordRow[]>();
  const names = new Map<string, string>();
  const start = Date.parse(demoNow);
  const day = (offset: number) => new Date(start + offset * 86_400_000).toISOString().slice(0, 10);
  const at = (minutesAgo: number) => new Date(start - minutesAgo * 60_000).toISOString();
  const userIds = people.map((_, index) => `user-${pad(index)}`);
  const owner = () => (random() < 0.3 ? 'user-00' : pick(userIds));

  const add = (
    collection: CollectionName,
    id: string,
    body: Body,
    extra: Partial<RecordRow> = {},
  ): RecordRow => {
    const row: RecordRow = {
      collection,
      id,
      rev: 1,
      deleted: false,
      name: entityOf(collection).title(body),
      owner: '',
      team: 'team-central',
      territory: 'territory-central',
      createdAt: at(whole(20_000, 200_000)),
      createdBy: 'user-01',
      updatedAt: at(whole(1, 40_000)),
      updatedBy: 'user-01',
      body,
      mark: 'in-step',
      ...extra,
    };
    const list = rows.get(collection) ?? [];
    list.push(row);
    rows.set(collection, list);
    names.set(id, row.name);
    return row;
  };

  return { rows, names, add, random, pick, whole, day, at, owner };
}

export function usd(major: number) {
  return { minor: major * 100, currency: 'USD' };
}

export function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}

/** mulberry32: small, and the same numbers everywhere. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
