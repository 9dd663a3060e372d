import type { Mutation } from '../../shared/sync/wire.ts';
import { Refused } from './group-context.ts';

/** Names of fields, also of those that this version does not know. Keeps `__proto__` and its like out. */
const fieldName = /^[a-z][A-Za-z0-9_-]{0,63}$/;
const reserved = new Set(['constructor', 'prototype', 'toString', 'valueOf']);

/** @throws Refused with request.invalid */
export function checkName(mutation: Mutation, field: string): void {
  if (fieldName.test(field) && !reserved.has(field)) return;
  throw new Refused(mutation, '', 'request.invalid', { reason: 'a field has a name that cannot be' });
}
