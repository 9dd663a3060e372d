import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { Avatar } from '../components/Avatar.tsx';
import { Icon } from '../components/Icon.tsx';
import { OptionList } from '../components/OptionList.tsx';
import { Popover } from '../components/Popover.tsx';
import type { ControlProps } from './control.ts';
import { useReferenceOptions } from './useReferenceOptions.ts';

interface ReferenceInputProps {
  readonly control: ControlProps;
  readonly label: string;
  /** Collection that is pointed to. */
  readonly target: string;
  readonly value: string | null;
  /** Title of the record that is chosen now. */
  readonly name: string | undefined;
  readonly size: 's' | 'm';
  readonly required: boolean;
  /** Opens the list at once: an editor in place. */
  readonly startOpen: boolean;
  readonly onPick: (id: string | null, name: string) => void;
  readonly onClose?: (() => void) | undefined;
}

const NONE = '';

/** Another record, found by typing. */
export function ReferenceInput({
  control,
  label,
  target,
  value,
  name,
  size,
  required,
  startOpen,
  onPick,
  onClose,
}: ReferenceInputProps) {
  const [open, setOpen] = useState(startOpen);
  const [text, setText] = useState('');
  const { options, empty } = useReferenceOptions(target, text, open);
  const people = target === 'directory';
  const shown =
    required || value === null || text !== '' ? options : [{ value: NONE, label: 'Nothing' }, ...options];
  return (
    <Popover
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        if (!next) onClose?.();
      }}
      label={label}
      trigger={
        <button
          type="button"
          {...control}
          className={size === 's' ? 'inp s ref' : 'inp ref'}
          aria-haspopup="listbox"
          aria-expanded={open}
        >
          {people && name !== undefined && <Avatar name={name} id={value ?? name} />}
          <span className={name === undefined ? 'tr sp q' : 'tr sp'}>
            {name ?? `Choose ${label.toLowerCase()}`}
          </span>
          <Icon of={ChevronDown} size={14} tone={3} />
        </button>
      }
    >
      <OptionList
        label={label}
        options={shown.map((option) => ({
          ...option,
          ...(people && option.value !== NONE
            ? { mark: <Avatar name={option.label} id={option.value} /> }
            : {}),
        }))}
        placeholder={`Find ${label.toLowerCase()}`}
        empty={empty}
        onType={setText}
        onPick={(id) => {
          setOpen(false);
          const picked = options.find((option) => option.value === id);
          onPick(id === NONE ? null : id, picked?.label ?? '');
        }}
      />
    </Popover>
  );
}
