import { RoadbookError } from '../../shared/errors.ts';
import type { Filter, ViewRequest } from '../../shared/ipc/records.ts';
import {
  type CollectionName,
  type Entity,
  entityOf,
  fieldOf,
  isCollection,
} from '../../shared/model/index.ts';
import type { ViewQuery } from '../store/contract.ts';
import { pathOf } from './collections.ts';

export interface Viewer {
  readonly id: string;
}

/**
 * Translates a list from field names to document paths.
 * - `me` stands for the viewer where a field refers to a user
 * - money compares by its minor units, whether a number or {minor, currency} is given
 * @throws request.invalid for a field that the object does not have; sync.unknown_object for an unknown object
 */
export function translate(request: ViewRequest, viewer: Viewer): ViewQuery {
  const collection = knownCollection(request.collection);
  const entity = entityOf(collection);
  const conditions = request.filters.map((filter) => condition(entity, filter, viewer));
  return {
    collection,
    selector: conditions.length === 0 ? {} : { $and: conditions },
    sort: request.sort.map(({ field, direction }) => ({ path: knownPath(entity, field), direction })),
  };
}

export function knownCollection(name: string): CollectionName {
  if (!isCollection(name)) throw new RoadbookError('sync.unknown_object', { object: name });
  return name;
}

type Condition = Record<string, unknown>;

function condition(entity: Entity, filter: Filter, viewer: Viewer): Condition {
  const path = knownPath(entity, filter.field);
  const value = operand(entity, filter.field, filter.value, viewer);
  switch (filter.op) {
    case 'is':
      return isEmpty(value) ? empty(path) : { [path]: { $eq: value } };
    case 'is-not':
      return isEmpty(value) ? notEmpty(path) : { [path]: { $ne: value } };
    case 'any-of':
      return { [path]: { $in: Array.isArray(value) ? value : [value] } };
    case 'at-least':
      return { [path]: { $gte: value } };
    case 'at-most':
      // Emptiness sorts before everything; a bound above speaks of values only.
      return { $and: [{ [path]: { $lte: value } }, notEmpty(path)] };
    case 'contains':
      return contains(entity, filter.field, path, String(value ?? ''));
    case 'empty':
      return empty(path);
    case 'not-empty':
      return notEmpty(path);
  }
}

/** Absent, null and the empty text are the same emptiness to a person. */
function empty(path: string): Condition {
  return { [path]: { $in: [null, ''] } };
}

function notEmpty(path: string): Condition {
  return { [path]: { $nin: [null, ''] } };
}

/** Without regard to case and accents; in lists, any item. */
function contains(entity: Entity, field: string, path: string, text: string): Condition {
  const spec = fieldOf(entity, field);
  const isList = spec?.kind === 'tags' || spec?.kind === 'emails' || spec?.kind === 'phones';
  const member = spec?.search?.member === undefined ? '' : `.${spec.search.member}`;
  return { [isList ? `${path}.*${member}` : path]: { $contains: text } };
}

function operand(entity: Entity, field: string, value: unknown, viewer: Viewer): unknown {
  if (Array.isArray(value)) return value.map((entry) => operand(entity, field, entry, viewer));
  const spec = fieldOf(entity, field);
  if (value === 'me' && spec?.kind === 'reference' && spec.target === 'directory') return viewer.id;
  if (spec?.kind === 'money' && typeof value === 'object' && value !== null) {
    return (value as { minor?: unknown }).minor;
  }
  return value;
}

function knownPath(entity: Entity, field: string): string {
  const path = pathOf(entity, field);
  if (path === null) throw new RoadbookError('request.invalid', { reason: `${field} is not a field` });
  return path;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** What a list sums up: the amount of its first money column, weighted where the object has a probability. */
export function sumPaths(collection: CollectionName): { path: string; by: string; weight?: string } | null {
  const { fields } = entityOf(collection);
  const money = Object.entries(fields).find(([, spec]) => spec.kind === 'money' && spec.column !== undefined);
  if (money === undefined) return null;
  const paths = { path: `body.${money[0]}.minor`, by: `body.${money[0]}.currency` };
  return Object.hasOwn(fields, 'probability') ? { ...paths, weight: 'body.probability' } : paths;
}
