import type { MergePolicy } from '../model/field.ts';
import { sameValue } from './canonical.ts';

/** What is known of the last accepted write of a field. */
export interface FieldClock {
  /** Server revision that the write made. */
  readonly rev: number;
  readonly clock: string;
  readonly user: string;
  readonly device: string;
  readonly at: string;
}

export interface Incoming {
  readonly base: unknown;
  readonly baseRev: number;
  readonly value: unknown;
  readonly clock: string;
  readonly device: string;
}

export type MergeResult =
  | { readonly result: 'applied'; readonly value: unknown }
  | { readonly result: 'superseded' | 'conflict' | 'unchanged' };

/**
 * Decides one field. An edit made on the current revision always applies; the clock decides only between edits that
 * did not know of each other.
 * @param current the value that stands on the server
 * @param last the last accepted write of this field; undefined when it was never written since the record was made
 */
export function mergeField(
  policy: MergePolicy,
  current: unknown,
  last: FieldClock | undefined,
  incoming: Incoming,
): MergeResult {
  if (policy === 'computed') return { result: 'unchanged' };
  if (sameValue(current, incoming.value)) return { result: 'unchanged' };
  if (policy === 'immutable' && !isEmpty(current)) return { result: 'superseded' };
  // An edit that was held up on its way is overtaken by a later one of the same device.
  if (last !== undefined && last.device === incoming.device && last.clock > incoming.clock) {
    return { result: 'superseded' };
  }
  if (!isConcurrent(last, incoming)) return { result: 'applied', value: incoming.value };
  switch (policy) {
    case 'set':
      return settled(current, mergeSet(current, incoming.base, incoming.value));
    case 'items':
      return settled(current, mergeItems(current, incoming.base, incoming.value, laterThan(incoming, last)));
    case 'ask':
      return { result: 'conflict' };
    case 'last-writer':
    case 'immutable':
      return laterThan(incoming, last)
        ? { result: 'applied', value: incoming.value }
        : { result: 'superseded' };
  }
}

/** Edits of one device are a sequence, even when it had not yet heard that its earlier one was accepted. */
function isConcurrent(last: FieldClock | undefined, incoming: Incoming): boolean {
  return last !== undefined && last.rev > incoming.baseRev && last.device !== incoming.device;
}

function laterThan(incoming: Incoming, last: FieldClock | undefined): boolean {
  return last === undefined || incoming.clock > last.clock;
}

function settled(current: unknown, merged: unknown): MergeResult {
  return sameValue(current, merged) ? { result: 'unchanged' } : { result: 'applied', value: merged };
}

/** Additions and removals of both sides; order: what stands first, then what was added. */
export function mergeSet(current: unknown, base: unknown, value: unknown): string[] {
  const was = new Set(strings(base));
  const wanted = strings(value);
  const removed = new Set([...was].filter((entry) => !wanted.includes(entry)));
  const kept = strings(current).filter((entry) => !removed.has(entry));
  const added = wanted.filter((entry) => !was.has(entry) && !kept.includes(entry));
  return [...kept, ...added];
}

interface Item {
  readonly id: string;
  readonly [member: string]: unknown;
}

/** Lists of {id, …}: adds and removes by id, then member by member; the later clock settles one member. */
export function mergeItems(current: unknown, base: unknown, value: unknown, incomingWins: boolean): Item[] {
  const was = new Map(items(base).map((item) => [item.id, item]));
  const wanted = new Map(items(value).map((item) => [item.id, item]));
  const merged: Item[] = [];
  for (const item of items(current)) {
    const ours = was.get(item.id);
    const theirs = wanted.get(item.id);
    if (theirs !== undefined) merged.push(mergeItem(item, ours, theirs, incomingWins));
    else if (ours === undefined || !sameValue(ours, item)) merged.push(item);
  }
  const present = new Set(merged.map((item) => item.id));
  for (const item of wanted.values()) {
    const ours = was.get(item.id);
    const isNew = ours === undefined || !sameValue(ours, item);
    if (isNew && !present.has(item.id)) merged.push(item);
  }
  return merged;
}

function mergeItem(current: Item, base: Item | undefined, value: Item, incomingWins: boolean): Item {
  const merged: Record<string, unknown> = { ...current };
  for (const member of new Set([...Object.keys(current), ...Object.keys(value)])) {
    const changedHere = !sameValue(base?.[member], current[member]);
    const changedThere = !sameValue(base?.[member], value[member]);
    if (changedThere && (!changedHere || incomingWins)) merged[member] = value[member];
  }
  return { ...merged, id: current.id };
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];
}

function items(value: unknown): Item[] {
  return Array.isArray(value) ? value.filter(isItem) : [];
}

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && typeof (value as { id?: unknown }).id === 'string';
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}
