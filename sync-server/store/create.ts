import { type Body, type Entity, fieldValue, isScopeField } from '../../shared/model/index.ts';
import { sameValue } from '../../shared/sync/canonical.ts';
import { UUID_PATTERN } from '../../shared/sync/ids.ts';
import type { Mutation, Outcome } from '../../shared/sync/wire.ts';
import { applyField } from './apply.ts';
import { changeOf, madeAt } from './changes.ts';
import { checkName } from './field-name.ts';
import { type GroupContext, Refused } from './group-context.ts';
import { keepConflict } from './inbox.ts';
import { ownerOf } from './ownership.ts';
import { LIFE, newRow, type WorkingRow } from './working-row.ts';

type Result = Outcome['result'];

const uuid = new RegExp(UUID_PATTERN);

/**
 * A new record, or one that is there already.
 * @throws Refused
 */
export async function create(
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
  for (const name of Object.keys(value)) checkName(group, mutation, entity, name);
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
