import { type Group, MAX_GROUPS, type Mutation } from '../../shared/sync/wire.ts';
import type { OutboxEntry } from '../store/contract.ts';

/** Most JSON of one push, in UTF-16 units. A single larger group still goes, alone. */
export const MAX_BATCH = 256 * 1024;

export interface Batch {
  readonly groups: readonly Group[];
  readonly entries: readonly OutboxEntry[];
}

/**
 * The next push: whole groups, oldest first, up to the bounds.
 * @param entries in the order of the outbox
 * @param complete false when the outbox may hold more than was read: then the last group may be cut and is left out
 */
export function nextBatch(entries: readonly OutboxEntry[], complete: boolean): Batch {
  const groups = groupsOf(entries);
  const whole = complete || groups.length === 1 ? groups : groups.slice(0, -1);
  const taken: OutboxEntry[][] = [];
  let size = 0;
  for (const group of whole) {
    const added = group.reduce((sum, entry) => sum + JSON.stringify(entry.mutation).length, 0);
    if (taken.length > 0 && (size + added > MAX_BATCH || taken.length === MAX_GROUPS)) break;
    taken.push(group);
    size += added;
  }
  return {
    groups: taken.map((group) => ({
      id: group[0]?.group ?? '',
      mutations: group.map((entry) => entry.mutation as Mutation),
    })),
    entries: taken.flat(),
  };
}

/** Entries of one act belong together, even where entries of another act lie between them. */
function groupsOf(entries: readonly OutboxEntry[]): OutboxEntry[][] {
  const groups = new Map<string, OutboxEntry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.group);
    if (group === undefined) groups.set(entry.group, [entry]);
    else group.push(entry);
  }
  return [...groups.values()];
}
