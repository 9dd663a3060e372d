import { accounts } from '../../shared/model/account.ts';
import { fieldOf, fieldValue, isScopeField } from '../../shared/model/index.ts';
import { stagesOf } from '../../shared/rules/stages.ts';
import { validateEdit, validateNew } from '../../shared/rules/validate.ts';
import type { Mutation } from '../../shared/sync/wire.ts';
import { type GroupContext, Refused } from './group-context.ts';
import { LIFE, type WorkingRow } from './working-row.ts';

/** Longest text of one record, characters of JSON. */
const MAX_BODY = 1_000_000;
/** Longest chain of parents that is followed. */
const MAX_DEPTH = 100;

/**
 * Checks every record that a group changed, as it would be after all of the group: values, rules, references.
 * @throws Refused with the mutation that last changed the field in question
 */
export async function checkGroup(group: GroupContext): Promise<void> {
  for (const [id, fields] of group.touched) {
    const working = await group.find(id);
    if (working === undefined || working.deleted) continue;
    if (JSON.stringify(working.row.body).length > MAX_BODY) {
      throw new Refused(culprit(fields, LIFE), '', 'request.too_large');
    }
    await checkRules(group, working, fields);
    await checkReferences(group, working, fields);
  }
}

async function checkRules(
  group: GroupContext,
  working: WorkingRow,
  fields: ReadonlyMap<string, Mutation>,
): Promise<void> {
  const { entity, row } = working;
  const pipeline = row.body.pipeline;
  const definition =
    entity.name === 'deals' && typeof pipeline === 'string' ? await group.find(pipeline) : undefined;
  const context = { stages: stagesOf(definition?.row) };
  const [problem] =
    working.storedRev === 0
      ? validateNew(entity, row.body, context)
      : validateEdit(entity, row.body, [...fields.keys()], context);
  if (problem === undefined) return;
  throw new Refused(culprit(fields, problem.field), problem.field, problem.code, problem.details);
}

async function checkReferences(
  group: GroupContext,
  working: WorkingRow,
  fields: ReadonlyMap<string, Mutation>,
): Promise<void> {
  const { entity, row } = working;
  for (const name of fields.keys()) {
    const spec = fieldOf(entity, name);
    if (spec?.kind !== 'reference' || isScopeField(name)) continue;
    const target = fieldValue(row, name);
    if (typeof target !== 'string' || target === '') continue;
    const found = await group.find(target);
    // A deleted target is fine: the reference was right when it was made, and the record can come back.
    if (found === undefined || (spec.target !== '*' && found.entity.name !== spec.target)) {
      throw new Refused(culprit(fields, name), name, 'integrity.reference', { field: spec.label });
    }
    if (entity === accounts && name === 'parent' && (await leadsBack(group, row.id, target))) {
      throw new Refused(culprit(fields, name), name, 'integrity.cycle', { field: spec.label });
    }
  }
}

/** Whether the chain of parents that starts at `from` comes back to `record`. */
async function leadsBack(group: GroupContext, record: string, from: string): Promise<boolean> {
  let next: unknown = from;
  for (let depth = 0; depth < MAX_DEPTH && typeof next === 'string' && next !== ''; depth += 1) {
    if (next === record) return true;
    const parent = await group.find(next);
    next = parent?.row.body.parent;
  }
  return false;
}

/** The mutation to name in a refusal: the one that changed the field, else the last one of the record. */
function culprit(fields: ReadonlyMap<string, Mutation>, field: string): Mutation {
  const found = fields.get(field) ?? fields.get(LIFE) ?? [...fields.values()].at(-1);
  if (found === undefined) throw new Error('a record was checked that nothing has changed');
  return found;
}
