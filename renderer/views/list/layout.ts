import type { Sort } from '../../../shared/ipc.ts';
import { type Entity, type FieldSpec, scopeFields } from '../../../shared/model/index.ts';
import { entityFor } from '../../../shared/rules/shown.ts';
import type { ListCollection } from '../../state/router.ts';

/** Column of a list. `spec` is absent for what stands in the row itself: the name and the time of the last change. */
export interface ListColumn {
  readonly field: string;
  readonly label: string;
  readonly spec?: FieldSpec | undefined;
  readonly track: string;
  readonly min: number;
  readonly align?: 'right';
  readonly sortable: boolean;
}

type Width = readonly [track: string, min: number];

/** Widths where the kind alone does not say it; fr parts share what is left over as in the drawn list. */
const widths: Partial<Record<ListCollection, Readonly<Record<string, Width>>>> = {
  deals: {
    name: share(250, 190),
    account: share(144, 110),
    stage: ['112px', 112],
    amount: ['76px', 76],
    probability: ['40px', 40],
    closeDate: ['128px', 128],
    owner: share(160, 128),
    updatedAt: share(110, 72),
  },
  accounts: {
    name: share(260, 190),
    industry: share(140, 100),
    country: share(140, 100),
    revenue: ['104px', 104],
  },
  contacts: {
    name: share(200, 150),
    title: share(160, 120),
    account: share(160, 120),
    emails: share(220, 150),
  },
  leads: { name: share(180, 140), company: share(180, 130), source: share(110, 90), amount: ['104px', 104] },
  activities: {
    name: share(240, 180),
    type: ['80px', 80],
    regarding: share(260, 160),
    status: ['88px', 88],
    dueOn: ['128px', 128],
  },
  products: {
    name: share(260, 190),
    code: ['96px', 96],
    family: share(160, 100),
    price: ['96px', 96],
    active: ['72px', 72],
  },
};

/** Short words for heads that stand over narrow columns. */
const heads: Readonly<Record<string, string>> = { probability: 'Prob.' };

const defaultSorts: Record<ListCollection, readonly Sort[]> = {
  accounts: [{ field: 'name', direction: 'asc' }],
  contacts: [{ field: 'name', direction: 'asc' }],
  leads: [{ field: 'updatedAt', direction: 'desc' }],
  deals: [{ field: 'amount', direction: 'desc' }],
  activities: [{ field: 'dueOn', direction: 'desc' }],
  products: [{ field: 'name', direction: 'asc' }],
};

export function defaultSort(collection: ListCollection): readonly Sort[] {
  return defaultSorts[collection];
}

/** Columns of a list: the name, the listed fields of the model in their order, the owner, the last change. */
export function columnsOf(collection: ListCollection, role = ''): readonly ListColumn[] {
  const entity = entityFor(role, collection);
  const listed = Object.entries(entity.fields).filter(
    ([name, spec]) => spec.listed === true && name !== 'name',
  );
  return [
    column(collection, 'name', entity.label, undefined, true),
    ...listed.map(([name, spec]) => fieldColumn(collection, name, spec)),
    ...(collection === 'products' ? [] : [fieldColumn(collection, 'owner', scopeFields.owner)]),
    column(collection, 'updatedAt', 'Changed', undefined, true),
  ];
}

/** Fields that the store can order by: those with a column, and what stands in the row itself. */
export function sortableFields(entity: Entity): { field: string; label: string }[] {
  return [
    { field: 'name', label: entity.label },
    ...Object.entries(entity.fields)
      .filter(([name, spec]) => name !== 'name' && spec.column !== undefined && spec.kind !== 'reference')
      .map(([field, spec]) => ({ field, label: spec.label })),
    { field: 'updatedAt', label: 'Changed' },
  ];
}

function fieldColumn(collection: ListCollection, name: string, spec: FieldSpec): ListColumn {
  // Ids have no order that a person knows.
  return column(
    collection,
    name,
    heads[name] ?? spec.label,
    spec,
    spec.column !== undefined && spec.kind !== 'reference',
  );
}

function column(
  collection: ListCollection,
  field: string,
  label: string,
  spec: FieldSpec | undefined,
  sortable: boolean,
): ListColumn {
  const [track, min] = widths[collection]?.[field] ?? widthOfKind(field, spec);
  const figures = spec?.kind === 'money' || spec?.kind === 'percent' || spec?.kind === 'integer';
  return { field, label, spec, track, min, sortable, ...(figures ? { align: 'right' as const } : {}) };
}

function widthOfKind(field: string, spec: FieldSpec | undefined): Width {
  if (field === 'updatedAt') return share(100, 76);
  if (field === 'owner') return share(160, 128);
  switch (spec?.kind) {
    case 'money':
      return ['96px', 96];
    case 'integer':
    case 'percent':
      return ['76px', 76];
    case 'date':
      return ['128px', 128];
    case 'choice':
      return ['96px', 96];
    case 'boolean':
      return ['64px', 64];
    case 'phones':
      return ['128px', 128];
    default:
      return share(140, 100);
  }
}

function share(part: number, min: number): Width {
  return [`minmax(${min}px, ${part}fr)`, min];
}
