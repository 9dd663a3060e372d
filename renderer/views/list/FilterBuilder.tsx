import { useMemo, useState } from 'react';
import type { Filter } from '../../../shared/ipc.ts';
import type { Entity } from '../../../shared/model/index.ts';
import { Button } from '../../components/Button.tsx';
import { Select } from '../../components/Field.tsx';
import { OptionList } from '../../components/OptionList.tsx';
import { FilterValue } from './FilterValue.tsx';
import {
  type FilterContext,
  type FilterField,
  filterFields,
  isComplete,
  isText,
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
