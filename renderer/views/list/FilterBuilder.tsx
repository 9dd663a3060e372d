// biome-ignore-all lint/a11y/noAutofocus: the popover was opened by the person just now, to type in it
import { useMemo, useState } from 'react';
import type { Filter } from '../../../shared/ipc.ts';
import { type Entity, fieldOf } from '../../../shared/model/index.ts';
import { Avatar } from '../../components/Avatar.tsx';
import { Button } from '../../components/Button.tsx';
import { Input, Select } from '../../components/Field.tsx';
import { StageGlyph } from '../../components/Marks.tsx';
import { type Option, OptionList } from '../../components/OptionList.tsx';
import { date } from '../../format.ts';
import { DateInput } from '../../forms/DateInput.tsx';
import { parseDate } from '../../forms/dates.ts';
import { currencySign } from '../../forms/FieldInput.tsx';
import { moneyInput, parseMoney } from '../../forms/money.ts';
import { isMoney } from '../../forms/show.ts';
import { useReferenceOptions } from '../../forms/useReferenceOptions.ts';
import { useDirectory } from '../../state/directory.ts';
import {
  type FilterContext,
  type FilterField,
  filterFields,
  isComplete,
  type Operator,
  operatorWord,
  takesValue,
} from './filters.ts';

interface FilterBuilderProps {
  readonly entity: Entity;
  readonly context: FilterContext;
  /** The filter to change; without one a field is asked for first. */
  readonly start?: Filter;
  readonly onDone: (filter: Filter) => void;
}

/** Field, operator, value: each step shows what the kind of field allows. */
export function FilterBuilder({ entity, context, start, onDone }: FilterBuilderProps) {
  const fields = useMemo(() => filterFields(entity), [entity]);
  const [filter, setFilter] = useState<Filter | null>(start ?? null);
  const field = fields.find((candidate) => candidate.field === filter?.field);
  if (filter === null || field === undefined) {
    return (
      <OptionList
        label="Field"
        placeholder="Filter by"
        options={fields.map((candidate) => ({ value: candidate.field, label: candidate.label }))}
        onPick={(name) => {
          const picked = fields.find((candidate) => candidate.field === name);
          if (picked !== undefined) setFilter(freshFilter(picked));
        }}
      />
    );
  }
  const change = (part: Partial<Filter>) => setFilter({ ...filter, ...part });
  return (
    <form
      className="builder"
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete(filter)) onDone(filter);
      }}
    >
      <span className="h">{field.label}</span>
      <Select
        size="s"
        aria-label="Operator"
        value={filter.op}
        options={field.operators.map((op) => ({ value: op, label: operatorWord(op, field.kind) }))}
        onChange={(event) => setFilter(withOperator(filter, event.target.value as Operator))}
      />
      {takesValue(filter.op) && (
        <FilterValue
          field={field}
          entity={entity}
          filter={filter}
          context={context}
          onChange={(value) => change({ value })}
        />
      )}
      <div className="builder-foot">
        <Button variant="primary" size="s" type="submit" disabled={!isComplete(filter)}>
          Apply
        </Button>
      </div>
    </form>
  );
}

interface FilterValueProps {
  readonly field: FilterField;
  readonly entity: Entity;
  readonly filter: Filter;
  readonly context: FilterContext;
  readonly onChange: (value: unknown) => void;
}

function FilterValue({ field, entity, filter, context, onChange }: FilterValueProps) {
  const { value } = filter;
  switch (field.kind) {
    case 'choice':
    case 'reference':
      return (
        <ManyValues field={field} entity={entity} filter={filter} context={context} onChange={onChange} />
      );
    case 'money':
      return <MoneyValue value={value} onChange={onChange} />;
    case 'boolean':
      return (
        <Select
          size="s"
          aria-label="Value"
          value={String(value)}
          options={[
            { value: 'true', label: 'Yes' },
            { value: 'false', label: 'No' },
          ]}
          onChange={(event) => onChange(event.target.value === 'true')}
        />
      );
    case 'date':
    case 'instant':
      return <DayValue value={value} onChange={onChange} />;
    case 'integer':
    case 'percent':
      return (
        <Input
          size="s"
          type="number"
          aria-label="Value"
          figures
          autoFocus
          value={typeof value === 'number' ? value : ''}
          onChange={(event) => onChange(event.target.value === '' ? undefined : Number(event.target.value))}
        />
      );
    default:
      return (
        <Input
          size="s"
          aria-label="Value"
          autoFocus
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}

function MoneyValue({ value, onChange }: Pick<FilterValueProps, 'onChange'> & { readonly value: unknown }) {
  const currency = useDirectory((state) => state.currency);
  const [text, setText] = useState(() => (isMoney(value) ? moneyInput(value) : ''));
  return (
    <Input
      size="s"
      aria-label="Value"
      figures
      autoFocus
      inputMode="decimal"
      prefix={<span className="n q">{currencySign(currency)}</span>}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        onChange(parseMoney(event.target.value, currency) ?? undefined);
      }}
    />
  );
}

function DayValue({ value, onChange }: Pick<FilterValueProps, 'onChange'> & { readonly value: unknown }) {
  const [text, setText] = useState(() => (typeof value === 'string' ? date(value) : ''));
  const take = (written: string) => {
    setText(written);
    onChange(parseDate(written, new Date()) ?? undefined);
  };
  return (
    <DateInput
      control={{ 'aria-label': 'Value', autoFocus: true }}
      label="Value"
      size="s"
      value={text}
      onChange={take}
      onPick={take}
    />
  );
}

function ManyValues({ field, entity, filter, context, onChange }: FilterValueProps) {
  const many = filter.op === 'any-of';
  const chosen = new Set((Array.isArray(filter.value) ? filter.value : [filter.value]).filter(isText));
  const target = fieldOf(entity, field.field)?.target;
  const searched = target !== undefined && target !== 'directory' && target !== 'definitions';
  const [text, setText] = useState('');
  const found = useReferenceOptions(target ?? '', text, searched);
  const options = searched
    ? withChosen(found.options, text === '' ? chosen : none, context.names)
    : knownOptions(field.field, entity, context);
  return (
    <div className="builder-values">
      <OptionList
        label={field.label}
        options={options}
        chosen={chosen}
        {...(searched ? { onType: setText } : {})}
        onPick={(value) => {
          if (!many) onChange(value);
          else onChange(chosen.has(value) ? [...chosen].filter((one) => one !== value) : [...chosen, value]);
        }}
      />
    </div>
  );
}

const none: ReadonlySet<string> = new Set();

/** What is chosen stands first, so that it can be taken out again. */
function withChosen(
  found: readonly Option[],
  chosen: ReadonlySet<string>,
  names: Readonly<Record<string, string>>,
): readonly Option[] {
  const first = [...chosen].map(
    (id) => found.find((option) => option.value === id) ?? { value: id, label: names[id] ?? 'One record' },
  );
  return [...first, ...found.filter((option) => !chosen.has(option.value))];
}

/** Choices that are known without a search: stages, people, territories, pipelines, words of the model. */
function knownOptions(name: string, entity: Entity, context: FilterContext): readonly Option[] {
  if (name === 'stage') {
    const seen = new Set<string>();
    return context.pipelines.flatMap(({ stages }) =>
      stages.flatMap((stage) => {
        if (seen.has(stage.id)) return [];
        seen.add(stage.id);
        return [{ value: stage.id, label: stage.name, mark: <StageGlyph stage={stage} stages={stages} /> }];
      }),
    );
  }
  if (name === 'pipeline') return context.pipelines.map(({ id, name: label }) => ({ value: id, label }));
  if (name === 'territory' || name === 'team') {
    return context.places.map(({ id, name: label }) => ({ value: id, label }));
  }
  const spec = fieldOf(entity, name);
  if (spec?.choices !== undefined) {
    return Object.entries(spec.choices).map(([value, label]) => ({ value, label }));
  }
  return peopleOptions(context);
}

export function peopleOptions({ people, me }: Pick<FilterContext, 'people' | 'me'>): readonly Option[] {
  const options = people
    .filter((person) => person.active || person.id === me)
    .map(({ id, name }) => ({
      value: id,
      label: name,
      mark: <Avatar name={name} id={id} />,
      ...(id === me ? { note: 'you' } : {}),
    }));
  return [
    ...options.filter((option) => option.value === me),
    ...options.filter((option) => option.value !== me),
  ];
}

function freshFilter(field: FilterField): Filter {
  const [op = 'is'] = field.operators;
  return { field: field.field, op, ...(field.kind === 'boolean' ? { value: true } : {}) };
}

/** Another operator keeps the value where it still fits. */
function withOperator(filter: Filter, op: Operator): Filter {
  if (!takesValue(op)) return { field: filter.field, op };
  const { value } = filter;
  if (op === 'any-of')
    return { ...filter, op, value: Array.isArray(value) ? value : isText(value) ? [value] : [] };
  return { ...filter, op, value: Array.isArray(value) ? value[0] : value };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
