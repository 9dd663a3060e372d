import { entityOf, fieldOf, isCollection } from '../../shared/model/index.ts';
import type { Mutation } from '../../shared/sync/wire.ts';
import { Refused } from './group-context.ts';

/** Keys that change what an object is, instead of what it holds. They are never stored, however deep. */
const POISON = new Set(['__proto__', 'constructor', 'prototype']);
/** Deepest nesting of a value; everything that reads values recurses. */
const MAX_DEPTH = 32;

/**
 * The mutation with nothing in it that may not be stored. A base is only what was seen: one that is not fit counts as
 * unknown, so that a record with such a value can still be mended.
 * @throws Refused with record.invalid, naming the field
 */
export function safeMutation(mutation: Mutation): Mutation {
  const { op, field, value } = mutation;
  if (op === 'create' && typeof value === 'object' && value !== null) {
    for (const [name, given] of Object.entries(value)) refuseUnfit(mutation, name, given);
  } else {
    refuseUnfit(mutation, field, value);
  }
  return faultOf(mutation.base, 0) === undefined ? mutation : { ...mutation, base: null };
}

function refuseUnfit(mutation: Mutation, field: string, value: unknown): void {
  const reason = faultOf(value, 0);
  if (reason === undefined) return;
  const { collection } = mutation;
  const spec = isCollection(collection) ? fieldOf(entityOf(collection), field) : undefined;
  throw new Refused(mutation, field, 'record.invalid', { field: spec?.label ?? field, reason });
}

function faultOf(value: unknown, depth: number): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === MAX_DEPTH) return 'its parts are nested too deep';
  for (const [key, part] of Object.entries(value)) {
    if (POISON.has(key)) return `a part of it is called “${key}”`;
    const fault = faultOf(part, depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
