// biome-ignore-all lint/a11y/noAutofocus: the popover was opened by the person just now, to type in it
import { useState } from 'react';
import type { Filter } from '../../../shared/ipc.ts';
import { type Entity, fieldOf } from '../../../shared/model/index.ts';
import { Input, Select } from '../../components/Field.tsx';
import { OptionList } from '../../components/OptionList.tsx';
import { date } from '../../format.ts';
import { DateInput } from '../../forms/DateInput.tsx';
import { parseDate } from '../../forms/dates.ts';
import { currencySign } from '../../forms/FieldInput.tsx';
import { moneyInput, parseMoney } from '../../forms/money.ts';
import { isMoney } from '../../forms/show.ts';
import { useReferenceOptions } from '../../forms/useReferenceOptions.ts';
import { useDirectory } from '../../state/directory.ts';
import { type FilterContext, type FilterField, isText } from './filters.ts';
import { knownOptions, withChosen } from './value-options.tsx';

interface FilterValueProps {
  readonly field: FilterField;
  readonly entity: Entity;
  readonly filter: Filter;
  readonly context: FilterContext;
  readonly onChange: (value: unknown) => void;
}

/** The input for a filter's value, by the kind of its field. */
export function FilterValue({ field, entity, filter, context, onChange }: FilterValueProps) {
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
        {...(searched ? { onType: setText, empty: found.empty } : {})}
        onPick={(value) => {
          if (!many) onChange(value);
          else onChange(chosen.has(value) ? [...chosen].filter((one) => one !== value) : [...chosen, value]);
        }}
      />
    </div>
  );
}

const none: ReadonlySet<string> = new Set();
