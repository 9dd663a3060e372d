import './forms.css';
import type { Address, EmailItem, FieldSpec, PhoneItem } from '../../shared/model/index.ts';
import { Checkbox, Input, Select, TextArea } from '../components/Field.tsx';
import { ChoicePicker } from './ChoicePicker.tsx';
import type { ControlProps } from './control.ts';
import { DateInput } from './DateInput.tsx';
import type { InputValue } from './input.ts';
import { AddressInput, ItemsInput, TagsInput } from './ListInputs.tsx';
import { ReferenceInput } from './ReferenceInput.tsx';

export interface FieldInputProps {
  readonly spec: FieldSpec;
  readonly input: InputValue;
  readonly control: ControlProps;
  /** Titles of records that are pointed to. */
  readonly names: Readonly<Record<string, string>>;
  /** Words of choices that the company defines: stages, lost reasons. */
  readonly choices?: Readonly<Record<string, string>> | undefined;
  readonly size?: 's' | 'm';
  /** place: stands where the value stood and is done when something is picked; form: waits for the form. */
  readonly mode: 'place' | 'form';
  readonly currency: string;
  /** An answer is needed here even where the field may be empty. */
  readonly needed?: boolean;
  readonly onChange: (input: InputValue) => void;
  /** Something was picked from a list or a calendar, which says all there is to say. */
  readonly onPick?: ((input: InputValue) => void) | undefined;
  /** The title of a record that was picked, so that it can be shown. */
  readonly onName?: ((id: string, name: string) => void) | undefined;
  /** A list was closed without picking. */
  readonly onClose?: (() => void) | undefined;
}

const text = (input: InputValue): string => (typeof input === 'string' ? input : '');
const list = <T,>(input: InputValue): readonly T[] => (Array.isArray(input) ? (input as T[]) : []);

/** The input of a field, by its kind. */
export function FieldInput(props: FieldInputProps) {
  const {
    spec,
    input,
    control,
    size = 'm',
    mode,
    names,
    choices,
    currency,
    onChange,
    onPick,
    onName,
    onClose,
  } = props;
  const required = spec.required === true || props.needed === true;
  const pick = (value: InputValue) => {
    onChange(value);
    onPick?.(value);
  };
  const options = choices ?? spec.choices;
  if (options !== undefined && (spec.kind === 'choice' || spec.kind === 'text')) {
    const all = withCurrent(options, text(input));
    return mode === 'place' ? (
      <ChoicePicker
        control={control}
        label={spec.label}
        options={all}
        value={text(input)}
        clearable={!required}
        onPick={pick}
        onClose={onClose}
      />
    ) : (
      <Select
        {...control}
        size={size}
        value={text(input)}
        placeholder={required ? 'Choose' : 'Nothing'}
        clearable={!required}
        options={all}
        onChange={(event) => pick(event.target.value === '' ? null : event.target.value)}
      />
    );
  }
  switch (spec.kind) {
    case 'long-text':
      return <TextArea {...control} value={text(input)} onChange={(event) => onChange(event.target.value)} />;
    case 'date':
      return (
        <DateInput
          control={control}
          label={spec.label}
          size={size}
          value={text(input)}
          onChange={onChange}
          onPick={pick}
        />
      );
    case 'boolean':
      return mode === 'form' ? (
        <span className="form-check">
          <Checkbox
            {...control}
            checked={input === true}
            onChange={(event) => onChange(event.target.checked)}
          />
        </span>
      ) : (
        <ChoicePicker
          control={control}
          label={spec.label}
          options={YES_NO}
          value={input === true ? 'yes' : input === false ? 'no' : ''}
          clearable
          onPick={(picked) => pick(picked === null ? null : picked === 'yes')}
          onClose={onClose}
        />
      );
    case 'reference':
      return (
        <ReferenceInput
          control={control}
          label={spec.label}
          target={spec.target ?? ''}
          size={size}
          value={typeof input === 'string' ? input : null}
          name={typeof input === 'string' ? names[input] : undefined}
          required={required}
          startOpen={mode === 'place'}
          onPick={(id, name) => {
            if (id !== null) onName?.(id, name);
            pick(id);
          }}
          onClose={onClose}
        />
      );
    case 'emails':
    case 'phones':
      return (
        <ItemsInput
          control={control}
          label={spec.label}
          kind={spec.kind}
          items={list<EmailItem | PhoneItem>(input)}
          onChange={onChange}
        />
      );
    case 'tags':
      return (
        <TagsInput control={control} label={spec.label} tags={list<string>(input)} onChange={onChange} />
      );
    case 'address':
      return (
        <AddressInput
          control={control}
          label={spec.label}
          address={(input ?? {}) as Address}
          onChange={onChange}
        />
      );
    case 'money':
    case 'integer':
    case 'percent':
    case 'instant':
    case 'text':
    case 'url':
    case 'choice':
    case 'items':
    case 'data':
      return (
        <Input
          {...control}
          size={size}
          figures={spec.kind !== 'text' && spec.kind !== 'url'}
          inputMode={
            spec.kind === 'money'
              ? 'decimal'
              : spec.kind === 'integer' || spec.kind === 'percent'
                ? 'numeric'
                : 'text'
          }
          prefix={spec.kind === 'money' ? <span className="n q">{currencySign(currency)}</span> : undefined}
          suffix={spec.kind === 'percent' ? <span className="n q">%</span> : undefined}
          value={text(input)}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}

const YES_NO = [
  { value: 'yes', label: 'Yes' },
  { value: 'no', label: 'No' },
];

/** Kinds that are picked from a list: picking is all there is to do, leaving is not saving. */
export function isPicked(spec: FieldSpec, choices: unknown): boolean {
  return (
    spec.kind === 'reference' || spec.kind === 'choice' || spec.kind === 'boolean' || choices !== undefined
  );
}

/** `$` for USD: the sign that amounts are shown with. */
export function currencySign(currency: string): string {
  const part = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  })
    .formatToParts(0)
    .find(({ type }) => type === 'currency');
  return part?.value ?? currency;
}

/** A value that is no longer among the choices can still be kept. */
function withCurrent(choices: Readonly<Record<string, string>>, current: string) {
  const options = Object.entries(choices).map(([value, label]) => ({ value, label }));
  return current === '' || Object.hasOwn(choices, current)
    ? options
    : [...options, { value: current, label: current }];
}
