import { Search, X } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { AuditFilter } from '../../../shared/ipc.ts';
import { entityOf } from '../../../shared/model/index.ts';
import { Avatar } from '../../components/Avatar.tsx';
import { Button } from '../../components/Button.tsx';
import { Icon } from '../../components/Icon.tsx';
import { type Option, OptionList } from '../../components/OptionList.tsx';
import { Popover } from '../../components/Popover.tsx';
import { useDirectory } from '../../state/directory.ts';
import { listCollections, navigate } from '../../state/router.ts';
import { Toolbar } from '../shell/Page.tsx';
import { KIND_FILTERS } from './describe.ts';

/** What the log is narrowed to; absent = not narrowed. */
export interface FilterChoice {
  readonly text?: string;
  readonly user?: string;
  readonly kind?: string;
  readonly made?: 'offline' | 'online';
  readonly collection?: string;
}

export function toFilter(choice: FilterChoice, record: string | undefined): AuditFilter {
  const kinds = KIND_FILTERS.find((entry) => entry.value === choice.kind)?.kinds;
  return {
    ...(choice.text === undefined ? {} : { text: choice.text }),
    ...(choice.user === undefined ? {} : { user: choice.user }),
    ...(kinds === undefined ? {} : { kinds: [...kinds] }),
    ...(choice.made === undefined ? {} : { offline: choice.made === 'offline' }),
    ...(choice.collection === undefined ? {} : { collection: choice.collection }),
    ...(record === undefined ? {} : { record }),
  };
}

type ListName = 'user' | 'kind' | 'made' | 'collection';

const LABELS: Readonly<Record<ListName, string>> = {
  user: 'Who',
  kind: 'What',
  made: 'Made',
  collection: 'Object',
};
const MADE: readonly Option[] = [
  { value: 'offline', label: 'Offline' },
  { value: 'online', label: 'Online' },
];
const NAMES: readonly ListName[] = ['user', 'kind', 'made', 'collection'];
const TYPING_MS = 120;

interface AuditFiltersProps {
  readonly choice: FilterChoice;
  readonly record: string | undefined;
  readonly onChange: (choice: FilterChoice) => void;
}

/** Chips for what the log is narrowed to, and the box that finds text in it. */
export function AuditFilters({ choice, record, onChange }: AuditFiltersProps) {
  const people = useDirectory((state) => state.people);
  const [open, setOpen] = useState<ListName | null>(null);
  const [text, setText] = useState(choice.text ?? '');

  const optionsOf = (name: ListName): readonly Option[] => {
    switch (name) {
      case 'user':
        return people.map(({ id, name: person }) => ({
          value: id,
          label: person,
          mark: <Avatar name={person} id={id} />,
        }));
      case 'kind':
        return KIND_FILTERS;
      case 'made':
        return MADE;
      case 'collection':
        return listCollections.map((name) => ({ value: name, label: entityOf(name).labelPlural }));
    }
  };
  const without = (name: keyof FilterChoice): FilterChoice => {
    const { [name]: _removed, ...rest } = choice;
    return rest;
  };

  useEffect(() => {
    const wanted = text.trim();
    if (wanted === (choice.text ?? '')) return;
    const timer = setTimeout(() => {
      const { text: _before, ...rest } = choice;
      onChange(wanted === '' ? rest : { ...rest, text: wanted });
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, choice, onChange]);

  return (
    <Toolbar label="Filters">
      {record !== undefined && (
        <span className="chip">
          <span className="chip-words">
            <span className="k">Record</span>
            <span className="v">this one</span>
          </span>
          <button
            type="button"
            className="x"
            aria-label="Show every record"
            onClick={() => navigate({ name: 'audit' })}
          >
            <Icon of={X} size={12} tone="current" />
          </button>
        </span>
      )}
      {NAMES.map((name) => {
        const options = optionsOf(name);
        const value = choice[name];
        const chosen = options.find((option) => option.value === value);
        const list = (
          <OptionList
            label={LABELS[name]}
            options={options}
            onPick={(picked) => {
              setOpen(null);
              onChange({ ...choice, [name]: picked });
            }}
          />
        );
        const popover = (trigger: ReactNode) => (
          <Popover
            open={open === name}
            onOpenChange={(next) => setOpen(next ? name : null)}
            label={LABELS[name]}
            trigger={trigger}
          >
            {list}
          </Popover>
        );
        if (chosen === undefined) {
          return (
            <span key={name} className="audit-filter">
              {popover(
                <Button size="s" variant="ghost">
                  {LABELS[name]}
                </Button>,
              )}
            </span>
          );
        }
        return (
          <span className="chip" key={name}>
            {popover(
              <button type="button" className="chip-words" aria-label={`${LABELS[name]} is ${chosen.label}`}>
                <span className="k">{LABELS[name]}</span>
                <span className="k">is</span>
                <span className="v">{chosen.label}</span>
              </button>,
            )}
            <button
              type="button"
              className="x"
              aria-label={`Remove the filter ${LABELS[name]}`}
              onClick={() => onChange(without(name))}
            >
              <Icon of={X} size={12} tone="current" />
            </button>
          </span>
        );
      })}
      <span className="sp" />
      <label className="audit-find inp">
        <Icon of={Search} size={14} tone={3} />
        <input
          id="find-entries"
          type="search"
          aria-label="Find in entries"
          placeholder="Find in entries"
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') {
              if (text === '') event.currentTarget.blur();
              setText('');
              event.stopPropagation();
            }
          }}
        />
      </label>
    </Toolbar>
  );
}
