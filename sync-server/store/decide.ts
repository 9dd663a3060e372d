import {
  entityOf,
  fieldOf,
  fieldValue,
  isCollection,
  isScopeField,
  scopeFields,
} from '../../shared/model/index.ts';
import { type Action, may } from '../../shared/rules/permissions.ts';
import { checkField } from '../../shared/rules/validate.ts';
import { sameValue } from '../../shared/sync/canonical.ts';
import { mergeField } from '../../shared/sync/merge.ts';
import type { Mutation, Outcome } from '../../shared/sync/wire.ts';
import { applyField, stamp } from './apply.ts';
import { changeOf } from './changes.ts';
import { create } from './create.ts';
import { checkName } from './field-name.ts';
import { type GroupContext, OutOfSight, Refused } from './group-context.ts';
import { keepConflict } from './inbox.ts';
import { assignOwner } from './ownership.ts';
import { LIFE, type WorkingRow } from './working-row.ts';

type Result = Outcome['result'];

/** What a person may still do to an inbox item: settle it. */
const SETTLING = ['status', 'resolution'];

const actions: Record<Mutation['op'], Action> = {
  create: 'create',
  set: 'update',
  delete: 'delete',
  restore: 'create',
};

/**
 * Decides one mutation against the rows as the group has left them so far.
 * @param mutation with its clock already lowered to the time of receipt
 * @throws Refused when a rule stands against it, OutOfSight for a record that the sender does not see
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
  // What this group itself has made is its own, whoever it is for.
  if (found !== undefined && found.storedRev > 0 && !group.sight.covers(found.storedBuckets)) {
    throw new OutOfSight();
  }
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

async function set(group: GroupContext, working: WorkingRow, mutation: Mutation): Promise<Result> {
  const { field } = mutation;
  const { entity } = working;
  checkName(group, mutation, entity, field);
  // They follow the owner.
  if (isScopeField(field) && scopeFields[field].readOnly) {
    throw new Refused(mutation, field, 'record.read_only', { object: scopeFields[field].label });
  }
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

/**
 * The revision that the person saw, as far as this server knows it. After a restore a device may name revisions that
 * were lost: then only an edit of the very value that stands counts as made on it.
 */
function seenRev(working: WorkingRow, mutation: Mutation, current: unknown): number {
  const lost = mutation.baseRev > working.storedRev;
  return lost && !sameValue(mutation.base, current) ? 0 : mutation.baseRev;
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
