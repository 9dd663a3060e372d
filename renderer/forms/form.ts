import { RoadbookError } from '../../shared/errors.ts';
import type { Body, Entity, FieldSpec, Stage } from '../../shared/model/index.ts';
import { fieldOf } from '../../shared/model/index.ts';
import { onStageChange } from '../../shared/rules/stages.ts';
import { validateNew } from '../../shared/rules/validate.ts';
import { type InputValue, type ReadContext, readInput, toInput } from './input.ts';

/** Inputs of a form for a new record, by field name. */
export type Inputs = Readonly<Record<string, InputValue>>;

export interface FormReading {
  /** What would be saved; empty fields are left out. */
  readonly values: Body;
  /** Field -> one sentence. */
  readonly errors: Readonly<Record<string, string>>;
}

export interface FormContext extends ReadContext {
  /** Stages of the pipeline of the deal that is being made; empty for other objects. */
  readonly stages: readonly Stage[];
}

/** Fields that belong together at the top of a new record, besides the required ones. */
const FIRST: Readonly<Record<string, readonly string[]>> = {
  accounts: ['name', 'type', 'industry', 'website', 'employees', 'phones'],
  contacts: ['firstName', 'lastName', 'title', 'account', 'emails', 'phones'],
  leads: ['firstName', 'lastName', 'company', 'status', 'source', 'emails', 'phones'],
  deals: ['name', 'account', 'stage', 'amount', 'closeDate', 'nextStep'],
  activities: ['type', 'subject', 'text', 'dueOn'],
  products: ['name', 'code', 'family', 'price', 'active'],
};

/** Filled by code, chosen elsewhere, or lists that have a place of their own on the record page. */
const NOT_IN_FORMS: Readonly<Record<string, readonly string[]>> = {
  deals: ['pipeline', 'contacts', 'lineItems'],
  contacts: ['otherAccounts'],
  products: ['otherPrices'],
  activities: ['links', 'regarding', 'zone', 'checkIn'],
};

/** Fields of a form for a new record: those to see at once, and those behind "More fields". */
export function formFields(entity: Entity): { first: string[]; more: string[] } {
  const editable = Object.entries(entity.fields)
    .filter(([name, spec]) => !spec.readOnly && !(NOT_IN_FORMS[entity.name] ?? []).includes(name))
    .map(([name]) => name);
  const chosen = FIRST[entity.name] ?? [];
  const required = editable.filter((name) => entity.fields[name]?.required && !chosen.includes(name));
  const first = [...required, ...chosen.filter((name) => editable.includes(name))];
  return { first, more: editable.filter((name) => !first.includes(name)) };
}

/** What a new record starts with before anybody types. */
export function startValues(entity: Entity, presets: Body, stages: readonly Stage[]): Body {
  switch (entity.name) {
    case 'deals': {
      const stage = stages.find((candidate) => candidate.outcome === 'open')?.id;
      return { ...(stage === undefined ? {} : { stage }), ...presets };
    }
    case 'leads':
      return { status: 'new', ...presets };
    case 'accounts':
      return { type: 'prospect', ...presets };
    case 'activities':
      return { type: 'task', status: 'open', ...presets };
    case 'products':
      return { active: true, ...presets };
    default:
      return { ...presets };
  }
}

export function toInputs(entity: Entity, values: Body): Record<string, InputValue> {
  const inputs: Record<string, InputValue> = {};
  for (const [name, value] of Object.entries(values)) {
    const spec = fieldOf(entity, name);
    inputs[name] = spec === undefined ? value : toInput(spec, value);
  }
  return inputs;
}

/** Reads every input and checks the record that they make, with the rules that the main process and the server use. */
export function readForm(entity: Entity, inputs: Inputs, context: FormContext): FormReading {
  const values: Body = {};
  const errors: Record<string, string> = {};
  for (const [name, input] of Object.entries(inputs)) {
    const spec = fieldOf(entity, name);
    if (spec === undefined) {
      values[name] = input;
      continue;
    }
    const reading = readInput(name, spec, input, context);
    if (!reading.ok) errors[name] = plainMessage(spec, input, reading.message);
    else if (reading.value !== null) values[name] = reading.value;
  }
  const complete = withStage(entity, values, inputs, context.stages);
  for (const problem of validateNew(entity, complete, { stages: context.stages })) {
    const spec = fieldOf(entity, problem.field);
    const message = new RoadbookError(problem.code, problem.details).message;
    errors[problem.field] ??=
      spec === undefined ? message : plainMessage(spec, inputs[problem.field], message);
  }
  return { values: complete, errors };
}

/** Two readings of what a person typed are the same draft? Empty inputs count as absent. */
export function isUntouched(inputs: Inputs, start: Inputs): boolean {
  const names = new Set([...Object.keys(inputs), ...Object.keys(start)]);
  return [...names].every((name) => JSON.stringify(bare(inputs[name])) === JSON.stringify(bare(start[name])));
}

function bare(input: InputValue): InputValue {
  return input === '' || input === undefined ? null : input;
}

/** A stage brings its probability, unless the person wrote another one. */
function withStage(entity: Entity, values: Body, inputs: Inputs, stages: readonly Stage[]): Body {
  if (entity.name !== 'deals' || typeof values.stage !== 'string') return values;
  const wrote = inputs.probability !== undefined && inputs.probability !== '' && inputs.probability !== null;
  return wrote ? values : { ...values, ...onStageChange(values.stage, stages) };
}

/** A missing value is asked for in plain words; "is not right: it is empty" is for the log. */
function plainMessage(spec: FieldSpec, input: InputValue, message: string): string {
  const empty = input === '' || input === null || input === undefined;
  return empty && spec.required ? `${spec.label} is needed.` : message;
}
