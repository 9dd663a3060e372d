import './field.css';
import { ChevronDown } from 'lucide-react';
import { type ComponentProps, type ReactNode, useId } from 'react';
import { Icon } from './Icon.tsx';

interface FieldProps {
  readonly label: string;
  /** Why the value cannot stay as it is; shown under the input and read aloud with it. */
  readonly error?: string | undefined;
  readonly hint?: ReactNode;
  readonly required?: boolean | undefined;
  /** side: label of 92 px at the left, for records; top: above, for dialogs and entry screens. */
  readonly layout?: 'side' | 'top';
  /** Gets the ids that tie label, input and error together; spread them on the control. */
  readonly children: (control: {
    id: string;
    'aria-describedby': string | undefined;
    'aria-invalid': boolean | undefined;
    'aria-required': boolean | undefined;
  }) => ReactNode;
}

export function Field({ label, error, hint, required, layout = 'top', children }: FieldProps) {
  const id = useId();
  const note = error !== undefined || hint !== undefined ? `${id}-note` : undefined;
  return (
    <div className={`field ${layout}`}>
      <label htmlFor={id}>
        {label}
        {required === true && <span className="q field-required"> required</span>}
      </label>
      <div className="field-control">
        {children({
          id,
          'aria-describedby': note,
          'aria-invalid': error === undefined ? undefined : true,
          'aria-required': required === true ? true : undefined,
        })}
        {note !== undefined && (
          <div id={note} className={error === undefined ? 'field-note q' : 'field-note field-error'}>
            {error === undefined ? (
              hint
            ) : (
              <>
                <span className="dia" aria-hidden="true" />
                {error}
              </>
            )}
          </div>
        )}
      </div>
    </div>
  );
}

interface InputProps extends Omit<ComponentProps<'input'>, 'size' | 'prefix'> {
  /** s: 28 high, in place of a value; m: 32 high, in forms; l: 36 high, on entry screens. */
  readonly size?: 's' | 'm' | 'l';
  /** Mono figures, for amounts and dates. */
  readonly figures?: boolean;
  /** Before the text, e.g. a currency or an icon. */
  readonly prefix?: ReactNode;
  /** After the text, e.g. a button that shows a passphrase. */
  readonly suffix?: ReactNode;
}

export function Input({ size = 'm', figures, prefix, suffix, className, ...rest }: InputProps) {
  const classes = ['inp', size !== 'm' && size, className].filter(Boolean).join(' ');
  return (
    <span className={classes} data-invalid={rest['aria-invalid'] === true ? '' : undefined}>
      {prefix}
      <input className={figures === true ? 'n' : undefined} autoComplete="off" spellCheck={false} {...rest} />
      {suffix}
    </span>
  );
}

export function TextArea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea className={['inp area', className].filter(Boolean).join(' ')} {...rest} />;
}

interface SelectProps extends Omit<ComponentProps<'select'>, 'size'> {
  readonly size?: 's' | 'm' | 'l';
  readonly options: readonly { readonly value: string; readonly label: string }[];
  /** Shown while nothing is chosen; with `clearable` it can be chosen again. */
  readonly placeholder?: string;
  readonly clearable?: boolean;
}

/** The platform's own list: keyboard, type-ahead and screen readers come with it. */
export function Select({ size = 'm', options, placeholder, clearable, className, ...rest }: SelectProps) {
  const classes = ['inp pick', size !== 'm' && size, className].filter(Boolean).join(' ');
  return (
    <span className={classes} data-invalid={rest['aria-invalid'] === true ? '' : undefined}>
      <select {...rest} data-empty={rest.value === '' ? '' : undefined}>
        {placeholder !== undefined && (
          <option value="" disabled={clearable !== true} hidden={clearable !== true}>
            {placeholder}
          </option>
        )}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <Icon of={ChevronDown} size={14} tone={3} />
    </span>
  );
}

interface CheckboxProps extends Omit<ComponentProps<'input'>, 'type' | 'size'> {
  readonly label?: ReactNode;
}

export function Checkbox({ label, className, ...rest }: CheckboxProps) {
  const box = <input type="checkbox" className={['cb', className].filter(Boolean).join(' ')} {...rest} />;
  if (label === undefined) return box;
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is its control
    <label className="row check">
      {box}
      {label}
    </label>
  );
}
