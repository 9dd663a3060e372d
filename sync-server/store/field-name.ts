import { type CollectionName, type Entity, fieldOf } from '../../shared/model/index.ts';
import type { Mutation } from '../../shared/sync/wire.ts';
import { type GroupContext, Refused } from './group-context.ts';

/** Names of fields, also of those that this version does not know. Keeps `__proto__` and its like out. */
const fieldName = /^[a-z][A-Za-z0-9_-]{0,63}$/;
const reserved = new Set(['constructor', 'prototype', 'toString', 'valueOf']);

/** What stands in a row beside its body, and in a row on its way. The server alone writes it, whatever a model is like. */
const envelope = new Set([
  'body',
  'collection',
  'createdAt',
  'createdBy',
  'deleted',
  'id',
  'name',
  'rev',
  'tenant',
  'updatedAt',
  'updatedBy',
]);

/**
 * @throws Refused with request.invalid for what can be no name, record.read_only for a name of the row around the body,
 *   permission.denied for a field that is kept from the sender
 */
export function checkName(group: GroupContext, mutation: Mutation, entity: Entity, field: string): void {
  if (!fieldName.test(field) || reserved.has(field)) {
    throw new Refused(mutation, '', 'request.invalid', { reason: 'a field has a name that cannot be' });
  }
  if (envelope.has(field) && fieldOf(entity, field) === undefined) {
    throw new Refused(mutation, field, 'record.read_only', { object: field });
  }
  if (group.sight.hides(entity.name as CollectionName, field)) {
    const object = entity.fields[field]?.label ?? field;
    throw new Refused(mutation, field, 'permission.denied', { action: 'change', object });
  }
}
