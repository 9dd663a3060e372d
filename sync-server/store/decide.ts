import {
  type Body,
  type Entity,
  entityOf,
  fieldOf,
  fieldValue,
  isCollection,
  isScopeField,
  withField,
} from '../../shared/model/index.ts';
import { type Action, may } from '../../shared/rules/permissions.ts';
import { checkField } from '../../shared/rules/validate.ts';
import { sameValue } from '../../shared/sync/canonical.ts';
import { UUID_PATTERN } from '../../shared/sync/ids.ts';
import { type FieldClock, mergeField } from '../../shared/sync/merge.ts';
import type { Mutation, Outcome } from '../../shared/sync/wire.ts';
import { changeOf, madeAt } from './changes.ts';
import { type GroupContext, Refused } from './group-context.ts';
import { keepConflict } from './inbox.ts';
import { assignOwner, ownerOf } from './ownership.ts';
import { LIFE, newRow, type WorkingRow } from './working-row.ts';

type Result = Outcome['result'];

/** What a person may still do to an inbox item: settle it. */
const SETTLING = ['status', 'resolution'];

const uuid = new RegExp(UUID_PATTERN);

/** Names of fields, also of those that this version does not know. Keeps `__proto__` and its like out. */
const fieldName = /^[a-z][A-Za-z0-9_-]{0,63}$/;
const reserved = new Set(['constructor', 'prototype', 'toString', 'valueOf']);

const actions: Record<Mutation['op'], Action> = {
  create: 'create',
  set: 'update',
  delete: 'delete',
  restore: 'create',
};

/**
 * Decides one mutation against the rows as the group has left them so far.
 * @param mutation with its clock already lowered to the time of receipt
 * @throws Refused when a rule stands against it
 */
export async function decide(group: GroupContext, mutation: Mutation): Promise<Result> {
  if (!isCollection(mutation.collection)) {
    throw new Refused(mutation, '', 'sync.unknown_object', { object: mutation.collection });
  }
  const entity = entityOf(mutation.collection);
  const action = actions[mutation.op];
  if (!may(group.principal.role, action, mutation.collection)) {
    throw new Refused(mutation, mutation.field, 'permission.denied', {
      action,
      object: entity.labelPlural.toLowerCase(),
    });
  }
  const found = await group.find(mutation.record);
  if (mutation.op === 'create') return create(group, entity, mutation, found);
  if (found === undefined || found.entity !== entity) {
    throw new Refused(mutation, mutation.field, 'record.not_found');
  }
  switch (mutation.op) {
    case 'set':
      return set(group, found, mutation);
    case 'delete':
      return remove(group, found, mutation);
    case 'restore':
      return restore(group, found, mutation);
  }
}

async function create(
  group: GroupContext,
  entity: Entity,
  mutation: Mutation,
  found: WorkingRow | undefined,
): Promise<Result> {
  if (typeof mutation.value !== 'object' || mutation.value === null || Array.isArray(mutation.value)) {
    throw new Refused(mutation, '', 'request.invalid', { reason: 'a new record needs its values' });
  }
  if (!uuid.test(mutation.record)) {
    throw new Refused(mutation, '', 'request.invalid', { reason: 'the id of a new record is not a UUID' });
  }
  const value = mutation.value as Body;
  for (const name of Object.keys(value)) checkName(mutation, name);
  if (found !== undefined) return createAgain(group, entity, mutation, found, value);

  const owner = await ownerOf(group, mutation, value.owner);
  const at = madeAt(group, mutation);
  const working = newRow(entity, {
    id: mutation.record,
    rev: 0,
    tenant: group.principal.tenant,
    owner: owner.id,
    team: owner.team,
    territory: owner.territory,
    name: '',
    createdAt: at,
    createdBy: group.principal.user,
    updatedAt: at,
    updatedBy: group.principal.user,
    body: bodyOf(entity, value),
  });
  group.add(working);
  if (typeof working.row.body.stage === 'string') working.row.body.stageEnteredAt = at;
  for (const field of Object.keys(working.row.body)) group.touch(working, field, mutation);
  group.touch(working, LIFE, mutation);
  group.changes.push(changeOf(group, working, mutation, 'applied', null, mutation.value));
  return 'applied';
}

/**
 * Two devices may make the same record (ids derived from what both saw): the first one stands, the second fills what
 * is still empty.
 */
async function createAgain(
  group: GroupContext,
  entity: Entity,
  mutation: Mutation,
  found: WorkingRow,
  value: Body,
): Promise<Result> {
  if (found.entity !== entity) throw new Refused(mutation, '', 'record.not_found');
  if (found.deleted) return keepConflict(group, found, mutation, 'record.deleted');
  let filled = false;
  for (const [field, given] of Object.entries(bodyOf(entity, value))) {
    if (!sameValue(fieldValue(found.row, field), null)) continue;
    applyField(group, found, field, given, mutation);
    filled = true;
  }
  if (!filled) return 'unchanged';
  group.changes.push(changeOf(group, found, mutation, 'applied', null, mutation.value));
  return 'applied';
}

/** The body without scope keys, which live in the row, and without what only the server computes. */
function bodyOf(entity: Entity, value: Body): Body {
  const body: Body = {};
  for (const [name, given] of Object.entries(value)) {
    const computed = entity.fields[name]?.merge === 'computed';
    if (isScopeField(name) || computed || given === null || given === undefined) continue;
    body[name] = given;
  }
  return body;
}

async function set(group: GroupContext, working: WorkingRow, mutation: Mutation): Promise<Result> {
  const { field } = mutation;
  const { entity } = working;
  checkName(mutation, field);
  if (entity.name === 'inbox') {
    if (!SETTLING.includes(field)) {
      throw new Refused(mutation, field, 'record.read_only', {
        object: entity.fields[field]?.label ?? field,
      });
    }
    // The same act cannot settle what it has just opened again.
    if (group.opened.has(working.row.id)) return 'unchanged';
  }
  if (working.deleted) return keepConflict(group, working, mutation, 'record.deleted');
  if (field === 'team' || field === 'territory') return 'unchanged';

  const spec = fieldOf(entity, field);
  // Before the merge, so that a wrong value cannot get into the inbox either.
  const [problem] = spec === undefined ? [] : checkField(field, spec, mutation.value);
  if (problem !== undefined) throw new Refused(mutation, field, problem.code, problem.details);
  const current = fieldValue(working.row, field);
  const policy = spec?.merge ?? 'last-writer';
  const merged = mergeField(policy, current, working.clocks[field], {
    base: mutation.base,
    baseRev: seenRev(working, mutation, current),
    value: mutation.value,
    clock: mutation.clock,
    device: group.principal.device,
  });
  switch (merged.result) {
    case 'unchanged':
      return 'unchanged';
    case 'superseded':
      group.changes.push(changeOf(group, working, mutation, 'superseded', current, mutation.value));
      return 'superseded';
    case 'conflict':
      return keepConflict(group, working, mutation, '');
    case 'applied': {
      if (field === 'owner') await assignOwner(group, working, mutation);
      applyField(group, working, field, merged.value, mutation);
      group.changes.push(changeOf(group, working, mutation, 'applied', current, merged.value));
      return 'applied';
    }
  }
}

function checkName(mutation: Mutation, field: string): void {
  if (fieldName.test(field) && !reserved.has(field)) return;
  throw new Refused(mutation, '', 'request.invalid', { reason: 'a field has a name that cannot be' });
}

/**
 * The revision that the person saw, as far as this server knows it. After a restore a device may name revisions that
 * were lost: then only an edit of the very value that stands counts as made on it.
 */
function seenRev(working: WorkingRow, mutation: Mutation, current: unknown): number {
  const lost = mutation.baseRev > working.storedRev;
  return lost && !sameValue(mutation.base, current) ? 0 : mutation.baseRev;
}

function applyField(
  group: GroupContext,
  working: WorkingRow,
  field: string,
  value: unknown,
  mutation: Mutation,
): void {
  if (field !== 'owner') working.row = withField(working.row, field, value);
  if (field === 'stage' && working.entity.fields.stageEnteredAt !== undefined) {
    working.row = withField(working.row, 'stageEnteredAt', madeAt(group, mutation));
  }
  stamp(group, working, field, mutation);
}

function remove(group: GroupContext, working: WorkingRow, mutation: Mutation): Result {
  if (working.deleted) return 'unchanged';
  // Deleting what somebody else has just changed would overwrite their change in silence.
  const { device } = group.principal;
  const changed = Object.values(working.clocks).some(
    (clock) => clock.rev > mutation.baseRev && clock.device !== device,
  );
  if (changed) throw new Refused(mutation, '', 'record.changed');
  working.deleted = true;
  stamp(group, working, LIFE, mutation);
  group.changes.push(changeOf(group, working, mutation, 'applied', null, null));
  return 'applied';
}

function restore(group: GroupContext, working: WorkingRow, mutation: Mutation): Result {
  if (!working.deleted) return 'unchanged';
  working.deleted = false;
  stamp(group, working, LIFE, mutation);
  group.changes.push(changeOf(group, working, mutation, 'applied', null, null));
  return 'applied';
}

function stamp(group: GroupContext, working: WorkingRow, field: string, mutation: Mutation): void {
  const at = madeAt(group, mutation);
  const clock: FieldClock = {
    rev: working.storedRev + 1,
    clock: mutation.clock,
    user: group.principal.user,
    device: group.principal.device,
    at,
  };
  working.clocks[field] = clock;
  const later = at > working.row.updatedAt;
  working.row = {
    ...working.row,
    updatedAt: later ? at : working.row.updatedAt,
    updatedBy: later ? group.principal.user : working.row.updatedBy,
  };
  group.touch(working, field, mutation);
}
