import './button.css';
import type { LucideIcon } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import { Kbd } from './Kbd.tsx';

interface ButtonProps extends ComponentProps<'button'> {
  /** primary: one per view. final: in its place where it cannot be undone. */
  readonly variant?: 'default' | 'primary' | 'final' | 'ghost';
  /** s: 24 high, for toolbars; l: 36 high, for entry screens. */
  readonly size?: 's' | 'm' | 'l';
  readonly icon?: LucideIcon | undefined;
  /** The key that does the same, shown on the button. */
  readonly kbd?: string | undefined;
  readonly children?: ReactNode;
}

export function Button({
  variant = 'default',
  size = 'm',
  icon,
  kbd,
  className,
  children,
  ...rest
}: ButtonProps) {
  const classes = [
    'btn',
    variant === 'primary' && 'p',
    variant === 'final' && 'fin',
    variant === 'ghost' && 'gh',
    size !== 'm' && size,
    className,
  ];
  return (
    <button type="button" className={classes.filter(Boolean).join(' ')} {...rest}>
      {icon !== undefined && <Icon of={icon} size={size === 's' ? 14 : 16} />}
      {children}
      {kbd !== undefined && <Kbd>{kbd}</Kbd>}
    </button>
  );
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  readonly icon: LucideIcon;
  /** Read aloud and shown on hover: an icon alone says nothing. */
  readonly label: string;
  readonly size?: 's' | 'm';
  readonly iconSize?: number;
  readonly pressed?: boolean;
}

export function IconButton({
  icon,
  label,
  size = 'm',
  iconSize = 16,
  pressed,
  className,
  ...rest
}: IconButtonProps) {
  const classes = ['ib', size === 's' && 's', pressed === true && 'on', className];
  return (
    <button
      type="button"
      className={classes.filter(Boolean).join(' ')}
      aria-label={label}
      title={label}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
      {...rest}
    >
      <Icon of={icon} size={iconSize} tone="current" />
    </button>
  );
}

interface SegmentProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string; readonly icon?: LucideIcon }[];
  readonly onChange: (value: T) => void;
}

/** Two or more ways to see the same thing; exactly one holds. */
export function Segments<T extends string>({ label, value, options, onChange }: SegmentProps<T>) {
  return (
    <fieldset className="seg" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          className={option.value === value ? 'on' : undefined}
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.icon !== undefined && <Icon of={option.icon} />}
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
