import type { Filter } from '../../../shared/ipc.ts';
import { type Entity, type FieldSpec, fieldOf, scopeFields } from '../../../shared/model/index.ts';
import { date, money, percent } from '../../format.ts';
import { isMoney } from '../../forms/show.ts';
import { openStages } from '../../state/builtin-views.ts';
import type { Person, Pipeline } from '../../state/directory.ts';

export type Operator = Filter['op'];

/** What a chip and the builder need to speak of a field. */
export interface FilterField {
  readonly field: string;
  readonly label: string;
  readonly kind: FieldSpec['kind'] | 'name';
  readonly operators: readonly Operator[];
}

export interface FilterContext {
  readonly people: readonly Person[];
  readonly pipelines: readonly Pipeline[];
  readonly places: readonly { readonly id: string; readonly name: string }[];
  /** Titles of records that filters speak of, where they are known. */
  readonly names: Readonly<Record<string, string>>;
  readonly me: string;
}

const filled: readonly Operator[] = ['empty', 'not-empty'];
const text: readonly Operator[] = ['contains', 'is', 'empty', 'not-empty'];
const key: readonly Operator[] = ['any-of', 'is-not', 'empty', 'not-empty'];
const figure: readonly Operator[] = ['at-least', 'at-most', 'empty', 'not-empty'];
const day: readonly Operator[] = ['at-least', 'at-most', 'is', 'empty', 'not-empty'];

/** Operators by kind of field; a kind without any cannot be filtered by. */
export function operatorsFor(kind: FilterField['kind']): readonly Operator[] {
  switch (kind) {
    case 'name':
      return ['contains', 'is'];
    case 'text':
      return text;
    case 'choice':
    case 'reference':
      return key;
    case 'money':
    case 'integer':
    case 'percent':
      return figure;
    case 'date':
    case 'instant':
      return day;
    case 'boolean':
      return ['is'];
    default:
      return [];
  }
}

const operatorWords: Record<Operator, string> = {
  is: 'is',
  'is-not': 'is not',
  'any-of': 'is any of',
  'at-least': 'at least',
  'at-most': 'at most',
  contains: 'contains',
  empty: 'is empty',
  'not-empty': 'is filled',
};

export function operatorWord(op: Operator, kind: FilterField['kind']): string {
  if (kind === 'date' || kind === 'instant') {
    if (op === 'at-least') return 'from';
    if (op === 'at-most') return 'until';
  }
  return operatorWords[op];
}

/** Fields that the store has a column for: the others would have to read every record. */
export function filterFields(entity: Entity): readonly FilterField[] {
  const listed = Object.entries({
    ...entity.fields,
    owner: scopeFields.owner,
    territory: scopeFields.territory,
  });
  const all: FilterField[] = [
    { field: 'name', label: 'Name', kind: 'name', operators: operatorsFor('name') },
    ...listed
      .filter(([name, spec]) => name !== 'name' && spec.column !== undefined)
      .map(([name, spec]) => ({
        field: name,
        label: spec.label,
        kind: spec.kind,
        // A reference to anything has no list to pick from.
        operators: spec.target === '*' ? filled : operatorsFor(spec.kind),
      })),
  ];
  return all.filter((field) => field.operators.length > 0);
}

export function takesValue(op: Operator): boolean {
  return op !== 'empty' && op !== 'not-empty';
}

/** A filter is only sent when it says something. */
export function isComplete(filter: Filter): boolean {
  if (!takesValue(filter.op)) return true;
  const { value } = filter;
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== '';
}

export interface Chip {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
  readonly figures: boolean;
}

/** The words of a chip: field | operator | value. */
export function chipOf(filter: Filter, entity: Entity, context: FilterContext): Chip {
  const spec = fieldOf(entity, filter.field);
  const kind: FilterField['kind'] = filter.field === 'name' ? 'name' : (spec?.kind ?? 'text');
  const label = filter.field === 'name' ? 'Name' : (spec?.label ?? filter.field);
  if (filter.field === 'stage' && isOpenSet(filter, context.pipelines)) {
    return { label, operator: 'is open', value: '', figures: false };
  }
  const values = Array.isArray(filter.value) ? filter.value : [filter.value];
  const single = filter.op === 'any-of' && values.length === 1;
  return {
    label,
    operator: single ? 'is' : operatorWord(filter.op, kind),
    value: takesValue(filter.op)
      ? listWords(values.map((value) => valueWord(value, filter.field, spec, context)))
      : '',
    figures: kind === 'money' || kind === 'integer' || kind === 'percent' || kind === 'date',
  };
}

const MAX_WORDS = 3;

function listWords(words: readonly string[]): string {
  if (words.length <= MAX_WORDS) return words.join(', ');
  return `${words.slice(0, MAX_WORDS - 1).join(', ')}, +${words.length - MAX_WORDS + 1}`;
}

export function valueWord(
  value: unknown,
  field: string,
  spec: FieldSpec | undefined,
  context: FilterContext,
): string {
  if (field === 'stage') return stageName(String(value), context.pipelines);
  if (spec?.kind === 'reference') return referenceName(String(value), context);
  if (spec?.choices !== undefined) return spec.choices[String(value)] ?? String(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  switch (spec?.kind) {
    case 'money':
      return isMoney(value) ? money(value) : String(value);
    case 'percent':
      return percent(Number(value));
    case 'date':
    case 'instant':
      return date(String(value));
    default:
      return String(value);
  }
}

function referenceName(id: string, { people, pipelines, places, names, me }: FilterContext): string {
  if (id === me) return 'me';
  const known = [...people, ...pipelines, ...places].find((candidate) => candidate.id === id);
  return known?.name ?? names[id] ?? 'one record';
}

function stageName(id: string, pipelines: readonly Pipeline[]): string {
  for (const { stages } of pipelines) {
    const stage = stages.find((candidate) => candidate.id === id);
    if (stage !== undefined) return stage.name;
  }
  return id;
}

/** True where a filter on the stage is the same as "is open". */
export function isOpenSet(filter: Filter, pipelines: readonly Pipeline[]): boolean {
  if (filter.field !== 'stage' || filter.op !== 'any-of' || !Array.isArray(filter.value)) return false;
  const open = openStages(pipelines);
  return (
    open.length > 1 &&
    filter.value.length === open.length &&
    open.every((id) => (filter.value as unknown[]).includes(id))
  );
}

/** Days after which an open record is overdue, by object: the field that says when, and what "open" means. */
export function overdueFilters(
  collection: string,
  yesterday: string,
  pipelines: readonly Pipeline[],
): readonly Filter[] | null {
  switch (collection) {
    case 'deals':
      return [
        { field: 'stage', op: 'any-of', value: openStages(pipelines) },
        { field: 'closeDate', op: 'at-most', value: yesterday },
      ];
    case 'activities':
      return [
        { field: 'status', op: 'is', value: 'open' },
        { field: 'dueOn', op: 'at-most', value: yesterday },
      ];
    case 'leads':
      return [
        { field: 'status', op: 'any-of', value: ['new', 'assigned', 'working', 'nurturing'] },
        { field: 'nextFollowUp', op: 'at-most', value: yesterday },
      ];
    default:
      return null;
  }
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
