import type { FieldSpec } from '../../shared/model/index.ts';
import { collectionNames, type Entity, entityOf, scopeFields } from '../../shared/model/index.ts';
import type { CollectionSpec, ColumnSpec } from '../store/contract.ts';

/** Members of the row itself that lists sort and filter by. */
const rowColumns: readonly ColumnSpec[] = [
  { name: 'name', path: 'name', type: 'text' },
  { name: 'updatedAt', path: 'updatedAt', type: 'key' },
  { name: 'createdAt', path: 'createdAt', type: 'key' },
];

/**
 * One line each: any part of them is found. Of long texts only beginnings of words are, or the index would be larger
 * than the texts.
 */
const foundByParts = new Set<FieldSpec['kind']>(['text', 'url', 'emails', 'phones']);

/** Every collection of the store, derived from the model: nothing restates a field list. */
export const collections: readonly CollectionSpec[] = collectionNames.map((name) => specOf(entityOf(name)));

export function specOf(entity: Entity): CollectionSpec {
  return {
    name: entity.name,
    columns: [...rowColumns, ...scopeColumns(), ...fieldColumns(entity)],
    search: {
      title: searchPaths(entity, 'title'),
      text: searchPaths(entity, 'text'),
      parts: searchPaths(entity, 'text', ({ kind }) => foundByParts.has(kind)),
    },
  };
}

/**
 * Path of a field's sort and filter value in a document: `body.amount.minor`, `owner`, `name`; null for a field that
 * nothing knows. Fields of the body come before row members of the same name, except `name`, the computed title.
 */
export function pathOf(entity: Entity, field: string): string | null {
  const member = rowColumns.find((column) => column.name === field);
  if (member !== undefined) return member.path;
  if (Object.hasOwn(scopeFields, field)) return field;
  const spec = Object.hasOwn(entity.fields, field) ? entity.fields[field] : undefined;
  return spec === undefined ? null : bodyPath(field, spec);
}

function bodyPath(field: string, spec: FieldSpec): string {
  const member = spec.column?.member ?? (spec.kind === 'money' ? 'minor' : undefined);
  return member === undefined ? `body.${field}` : `body.${field}.${member}`;
}

function scopeColumns(): ColumnSpec[] {
  return Object.keys(scopeFields).map((name) => ({ name, path: name, type: 'key' }));
}

function fieldColumns(entity: Entity): ColumnSpec[] {
  // A field of the body that is called like a member of the row is read from the row.
  const taken = new Set([...rowColumns, ...scopeColumns()].map((column) => column.name));
  return Object.entries(entity.fields).flatMap(([name, spec]) =>
    spec.column === undefined || taken.has(name)
      ? []
      : [{ name, path: bodyPath(name, spec), type: spec.column.type }, ...currencyColumn(name, spec)],
  );
}

/** Lists sum money per currency: as a column it is summed without reading a document. */
function currencyColumn(name: string, spec: FieldSpec): ColumnSpec[] {
  return spec.kind === 'money'
    ? [{ name: `${name}Currency`, path: `body.${name}.currency`, type: 'key' }]
    : [];
}

function searchPaths(
  entity: Entity,
  weight: 'title' | 'text',
  wanted: (spec: FieldSpec) => boolean = () => true,
): string[] {
  return Object.entries(entity.fields).flatMap(([name, spec]) => {
    if (spec.search?.weight !== weight || !wanted(spec)) return [];
    const { member } = spec.search;
    const isList = spec.kind === 'emails' || spec.kind === 'phones' || spec.kind === 'items';
    if (member !== undefined) return [isList ? `body.${name}.*.${member}` : `body.${name}.${member}`];
    return [spec.kind === 'tags' ? `body.${name}.*` : `body.${name}`];
  });
}
