import './option-list.css';
import { Search } from 'lucide-react';
import { type ReactNode, useId, useMemo, useState } from 'react';
import { Icon } from './Icon.tsx';

export interface Option {
  readonly value: string;
  readonly label: string;
  /** Before the label: an avatar, a stage mark. */
  readonly mark?: ReactNode;
  /** After it, quieter. */
  readonly note?: string;
}

interface OptionListProps {
  readonly label: string;
  readonly options: readonly Option[];
  readonly onPick: (value: string) => void;
  /** More than one may be chosen: options show a checkbox and picking does not close. */
  readonly chosen?: ReadonlySet<string>;
  readonly placeholder?: string;
  /** Called as the person types, where the options come from a search; otherwise they are filtered here. */
  readonly onType?: (text: string) => void;
  readonly empty?: string;
}

const MAX_SHOWN = 100;

/** A list to pick from by typing: arrows move, Enter picks. For menus that would be too long to read. */
export function OptionList({
  label,
  options,
  onPick,
  chosen,
  placeholder = 'Type to find',
  onType,
  empty = 'Nothing fits',
}: OptionListProps) {
  const id = useId();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const shown = useMemo(() => {
    if (onType !== undefined) return options.slice(0, MAX_SHOWN);
    const words = fold(text).split(' ').filter(Boolean);
    return options
      .filter((option) => words.every((word) => fold(option.label).includes(word)))
      .slice(0, MAX_SHOWN);
  }, [options, text, onType]);
  const index = Math.min(active, shown.length - 1);
  const pick = (value: string | undefined) => {
    if (value !== undefined) onPick(value);
  };
  return (
    <div className="options">
      <div className="options-search">
        <Icon of={Search} size={14} tone={3} />
        <input
          // The list is opened to type in it.
          // biome-ignore lint/a11y/noAutofocus: the popover that holds it was opened by the person just now
          autoFocus
          role="combobox"
          aria-label={label}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={index >= 0 ? `${id}-${index}` : undefined}
          autoComplete="off"
          spellCheck={false}
          placeholder={placeholder}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
            onType?.(event.target.value);
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') setActive(Math.min(index + 1, shown.length - 1));
            else if (event.key === 'ArrowUp') setActive(Math.max(index - 1, 0));
            else if (event.key === 'Enter') pick(shown[index]?.value);
            else return;
            event.preventDefault();
          }}
        />
      </div>
      <div className="options-list" id={`${id}-list`} role="listbox" aria-label={label}>
        {shown.length === 0 && <div className="options-empty q">{empty}</div>}
        {shown.map((option, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the keyboard
          <div
            key={option.value}
            id={`${id}-${at}`}
            role="option"
            tabIndex={-1}
            className={at === index ? 'menu-item on' : 'menu-item'}
            aria-selected={chosen === undefined ? at === index : chosen.has(option.value)}
            ref={at === index ? keepInView : null}
            onMouseMove={() => setActive(at)}
            onClick={() => pick(option.value)}
          >
            {chosen !== undefined && (
              <span className={chosen.has(option.value) ? 'cbm on' : 'cbm'} aria-hidden="true" />
            )}
            {option.mark}
            <span className="tr sp">{option.label}</span>
            {option.note !== undefined && <span className="q f11">{option.note}</span>}
          </div>
        ))}
      </div>
    </div>
  );
}

function keepInView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
