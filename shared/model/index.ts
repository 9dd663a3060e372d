import { accounts } from './account.ts';
import { activities } from './activity.ts';
import { contacts } from './contact.ts';
import { deals } from './deal.ts';
import { definitions } from './definition.ts';
import { directory } from './directory.ts';
import type { Entity } from './entity.ts';
import { inbox } from './inbox.ts';
import { leads } from './lead.ts';
import { products } from './product.ts';

/**
 * Every object that syncs, in the order in which an initial sync brings them: what others refer to comes first.
 * RxDB's free build opens at most 13 collections in a process.
 */
export const entities = {
  definitions,
  directory,
  products,
  accounts,
  contacts,
  leads,
  deals,
  activities,
  inbox,
} as const;

export type CollectionName = keyof typeof entities;
export const collectionNames = Object.keys(entities) as CollectionName[];

export function isCollection(name: string): name is CollectionName {
  return Object.hasOwn(entities, name);
}

export function entityOf(name: CollectionName): Entity {
  return entities[name];
}

export { Stage } from './definition.ts';
export * from './entity.ts';
export type {
  Address,
  ColumnType,
  EmailItem,
  FieldKind,
  FieldSpec,
  MergePolicy,
  PhoneItem,
} from './field.ts';
export { Money } from './field.ts';
export { Side } from './inbox.ts';
