import type { Sort } from '../../../shared/ipc.ts';
import type { FieldSpec } from '../../../shared/model/index.ts';

const MAX_SORTS = 3;

/** Figures and times are read from the top down, names from A to Z. */
export function firstDirection(field: string, spec: FieldSpec | undefined): Sort['direction'] {
  if (field === 'updatedAt') return 'desc';
  return spec?.kind === 'money' || spec?.kind === 'integer' || spec?.kind === 'percent' ? 'desc' : 'asc';
}

/** What a press on a head does: order by it, turn it round, or with Shift add it behind the others. */
export function pressHead(
  sorts: readonly Sort[],
  field: string,
  first: Sort['direction'],
  add: boolean,
): readonly Sort[] {
  const own = sorts.find((sort) => sort.field === field);
  const turned: Sort = {
    field,
    direction: own === undefined ? first : own.direction === 'asc' ? 'desc' : 'asc',
  };
  if (!add) return [own !== undefined && sorts[0] !== own ? own : turned];
  if (own === undefined) return [...sorts.slice(0, MAX_SORTS - 1), turned];
  return sorts.map((sort) => (sort === own ? turned : sort));
}

/** "Amount, then Close date" */
export function sortWords(sorts: readonly Sort[], label: (field: string) => string): string {
  return sorts.map((sort) => label(sort.field)).join(', then ');
}
