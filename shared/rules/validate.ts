import { Check } from 'typebox/value';
import type { Stage } from '../model/definition.ts';
import { type Body, type Entity, fieldOf } from '../model/entity.ts';
import type { FieldSpec } from '../model/field.ts';
import { isCalendarDay, isInstant } from './calendar.ts';
import type { Problem } from './problem.ts';
import { unfit } from './safe-value.ts';
import { checkStage, stageFields } from './stages.ts';

export interface RuleContext {
  /** Stages of the deal's pipeline; empty when it is not a deal or the pipeline is not known here. */
  readonly stages: readonly Stage[];
}

/** Checks a record that is being made: every required field, every value, every rule of its object. */
export function validateNew(entity: Entity, body: Body, context: RuleContext): Problem[] {
  const problems: Problem[] = [];
  for (const [name, spec] of Object.entries(entity.fields)) {
    problems.push(...checkField(name, spec, body[name]));
  }
  return problems.length > 0 ? problems : checkRules(entity, body, Object.keys(entity.fields), context);
}

/**
 * Checks an edit: the changed fields against their schema, and the rules that read a changed field against the whole
 * record. What was wrong before and was not touched does not hold the edit up.
 * @param body the record as it would be after the edit
 */
export function validateEdit(
  entity: Entity,
  body: Body,
  changed: readonly string[],
  context: RuleContext,
): Problem[] {
  const problems: Problem[] = [];
  for (const name of changed) {
    const spec = fieldOf(entity, name);
    if (spec !== undefined && Object.hasOwn(entity.fields, name))
      problems.push(...checkField(name, spec, body[name]));
  }
  return problems.length > 0 ? problems : checkRules(entity, body, changed, context);
}

/** One value against its field. Unknown fields are never checked: they belong to a later version of the model. */
export function checkField(name: string, spec: FieldSpec, value: unknown): Problem[] {
  const reason = faultOf(spec, value);
  if (reason === undefined) return [];
  return [{ field: name, code: 'record.invalid', details: { field: spec.label, reason } }];
}

/** What is wrong with a value, in words that follow "is not right:". They never hold the value: they may be logged. */
function faultOf(spec: FieldSpec, value: unknown): string | undefined {
  const empty = value === null || value === undefined || value === '';
  if (spec.required && (empty || isBlank(value))) return 'it is empty';
  if (empty) return undefined;
  if (!Check(spec.schema, value)) return reasonFor(spec, value);
  if (spec.kind === 'date' && !isCalendarDay(String(value))) return 'there is no such day in the calendar';
  if (spec.kind === 'instant' && !isInstant(String(value))) return 'there is no such time';
  return unfit(value);
}

/** Whether a text shows nothing at all: spaces, line ends, marks without a width. */
export function isBlank(value: unknown): boolean {
  return typeof value === 'string' && !/[^\s\p{Cc}\p{Cf}]/u.test(value);
}

function checkRules(entity: Entity, body: Body, changed: readonly string[], context: RuleContext): Problem[] {
  if (entity.name === 'deals' && changed.some((name) => stageFields.includes(name))) {
    return checkStage(body, context.stages);
  }
  return [];
}

function reasonFor(spec: FieldSpec, value: unknown): string {
  switch (spec.kind) {
    case 'text':
    case 'long-text':
    case 'url':
      return typeof value === 'string' ? 'it is too long' : 'it is not text';
    case 'integer':
      return 'it is not a whole number in its range';
    case 'percent':
      return 'it is not between 0 and 100';
    case 'money':
      return 'it is not an amount of zero or more with a currency';
    case 'date':
      return 'it is not a date';
    case 'instant':
      return 'it is not a time';
    case 'choice':
      return 'it is not one of the choices';
    case 'boolean':
      return 'it is neither yes nor no';
    case 'reference':
      return 'it does not name a record';
    case 'emails':
    case 'phones':
    case 'address':
    case 'tags':
    case 'items':
    case 'data':
      return 'its parts do not have the right form';
  }
}
