import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { Icon } from '../components/Icon.tsx';
import { type Option, OptionList } from '../components/OptionList.tsx';
import { Popover } from '../components/Popover.tsx';
import type { ControlProps } from './control.ts';

interface ChoicePickerProps {
  readonly control: ControlProps;
  readonly label: string;
  readonly options: readonly Option[];
  readonly value: string;
  /** Nothing may be chosen. */
  readonly clearable: boolean;
  readonly onPick: (value: string | null) => void;
  readonly onClose?: (() => void) | undefined;
}

const NONE = '';

/** A choice in the place of its value: the list is open at once, and picking is all there is to do. */
export function ChoicePicker({
  control,
  label,
  options,
  value,
  clearable,
  onPick,
  onClose,
}: ChoicePickerProps) {
  const [open, setOpen] = useState(true);
  const current = options.find((option) => option.value === value);
  const all = clearable && value !== '' ? [{ value: NONE, label: 'Nothing' }, ...options] : options;
  return (
    <Popover
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        if (!next) onClose?.();
      }}
      label={label}
      trigger={
        <button type="button" {...control} className="inp s ref" aria-haspopup="listbox" aria-expanded={open}>
          <span className={current === undefined ? 'tr sp q' : 'tr sp'}>{current?.label ?? 'Choose'}</span>
          <Icon of={ChevronDown} size={14} tone={3} />
        </button>
      }
    >
      <OptionList
        label={label}
        options={all}
        onPick={(picked) => {
          setOpen(false);
          onPick(picked === NONE ? null : picked);
        }}
      />
    </Popover>
  );
}
