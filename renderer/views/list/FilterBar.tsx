import './filter-bar.css';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { Filter } from '../../../shared/ipc.ts';
import type { Entity } from '../../../shared/model/index.ts';
import { Button } from '../../components/Button.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Popover } from '../../components/Popover.tsx';
import { FilterBuilder } from './FilterBuilder.tsx';
import { chipOf, type FilterContext } from './filters.ts';

interface FilterBarProps {
  readonly entity: Entity;
  readonly filters: readonly Filter[];
  readonly context: FilterContext;
  readonly onChange: (filters: readonly Filter[]) => void;
  /** The builder for a new filter; opened by F too. */
  readonly adding: boolean;
  readonly onAdding: (open: boolean) => void;
  /** Takes the focus when a builder closes: back to the rows. */
  readonly onClosed?: (() => void) | undefined;
}

/** What holds for the list, as chips, and the way to add to it. */
export function FilterBar({
  entity,
  filters,
  context,
  onChange,
  adding,
  onAdding,
  onClosed,
}: FilterBarProps) {
  const [editing, setEditing] = useState(-1);
  return (
    <div className="filters">
      {filters.map((filter, index) => (
        <FilterChip
          // biome-ignore lint/suspicious/noArrayIndexKey: two filters may be alike in everything but their place
          key={`${filter.field}-${filter.op}-${index}`}
          filter={filter}
          entity={entity}
          context={context}
          open={editing === index}
          onOpen={(open) => setEditing(open ? index : -1)}
          onChange={(changed) => onChange(filters.map((old, at) => (at === index ? changed : old)))}
          onClosed={onClosed}
          onRemove={() => onChange(filters.filter((_, at) => at !== index))}
        />
      ))}
      <Popover
        open={adding}
        onOpenChange={onAdding}
        onClosed={onClosed}
        label="Add a filter"
        trigger={
          <Button variant="ghost" size="s" icon={Plus} kbd="F" title="Add a filter (F)">
            Filter
          </Button>
        }
      >
        <FilterBuilder
          entity={entity}
          context={context}
          onDone={(filter) => {
            onAdding(false);
            onChange([...filters, filter]);
          }}
        />
      </Popover>
    </div>
  );
}

interface FilterChipProps {
  readonly filter: Filter;
  readonly entity: Entity;
  readonly context: FilterContext;
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly onChange: (filter: Filter) => void;
  readonly onRemove: () => void;
  readonly onClosed: (() => void) | undefined;
}

function FilterChip({
  filter,
  entity,
  context,
  open,
  onOpen,
  onChange,
  onRemove,
  onClosed,
}: FilterChipProps) {
  const chip = chipOf(filter, entity, context);
  const words = [chip.label, chip.operator, chip.value].filter(Boolean).join(' ');
  return (
    <span className="chip">
      <Popover
        open={open}
        onOpenChange={onOpen}
        onClosed={onClosed}
        label={`Change the filter ${words}`}
        trigger={
          <button type="button" className="chip-words">
            <span className="k">{chip.label}</span> <span className="k">{chip.operator}</span>{' '}
            {chip.value !== '' && <span className={chip.figures ? 'v n' : 'v'}>{chip.value}</span>}
          </button>
        }
      >
        <FilterBuilder
          entity={entity}
          context={context}
          start={filter}
          onDone={(changed) => {
            onOpen(false);
            onChange(changed);
          }}
        />
      </Popover>
      <button type="button" className="x" aria-label={`Remove the filter ${words}`} onClick={onRemove}>
        <Icon of={X} size={12} tone="current" />
      </button>
    </span>
  );
}
