import { entityOf, fieldOf, isCollection } from '../../shared/model/index.ts';
import { unfit } from '../../shared/rules/safe-value.ts';
import type { Mutation } from '../../shared/sync/wire.ts';
import { Refused } from './group-context.ts';

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
  return unfit(mutation.base) === undefined ? mutation : { ...mutation, base: null };
}

function refuseUnfit(mutation: Mutation, field: string, value: unknown): void {
  const reason = unfit(value);
  if (reason === undefined) return;
  const { collection } = mutation;
  const spec = isCollection(collection) ? fieldOf(entityOf(collection), field) : undefined;
  throw new Refused(mutation, field, 'record.invalid', { field: spec?.label ?? field, reason });
}
