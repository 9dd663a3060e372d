import { ArrowDownWideNarrow, ArrowUpNarrowWide } from 'lucide-react';
import type { Sort } from '../../../shared/ipc.ts';
import { type Entity, fieldOf } from '../../../shared/model/index.ts';
import { Button } from '../../components/Button.tsx';
import { Menu, MenuChoice, MenuLabel, MenuRule } from '../../components/Menu.tsx';
import { sortableFields } from './layout.ts';
import { firstDirection, sortWords } from './sorting.ts';

interface SortMenuProps {
  readonly entity: Entity;
  readonly sort: readonly Sort[];
  readonly onChange: (sort: readonly Sort[]) => void;
}

/** The order in words; a menu to choose another. */
export function SortMenu({ entity, sort, onChange }: SortMenuProps) {
  const fields = sortableFields(entity);
  const label = (field: string) => fields.find((candidate) => candidate.field === field)?.label ?? field;
  const [first] = sort;
  const direction = first?.direction ?? 'asc';
  return (
    <Menu
      label="Order"
      align="end"
      trigger={
        <Button variant="ghost" size="s" icon={direction === 'asc' ? ArrowUpNarrowWide : ArrowDownWideNarrow}>
          {sortWords(sort, label)}
        </Button>
      }
    >
      <MenuLabel>Order by</MenuLabel>
      <MenuChoice
        value={first?.field ?? ''}
        options={fields.map(({ field, label: word }) => ({ value: field, label: word }))}
        onChange={(field) => onChange([{ field, direction: firstDirection(field, fieldOf(entity, field)) }])}
      />
      <MenuRule />
      <MenuChoice
        value={direction}
        options={[
          { value: 'asc', label: 'Ascending' },
          { value: 'desc', label: 'Descending' },
        ]}
        onChange={(next) => {
          if (first !== undefined) onChange([{ ...first, direction: next }, ...sort.slice(1)]);
        }}
      />
    </Menu>
  );
}
