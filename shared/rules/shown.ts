import { type CollectionName, type Entity, entityOf } from '../model/index.ts';
import { hiddenFrom } from './permissions.ts';

const known = new Map<string, Entity>();

/** An object as a role sees it: without the fields that are kept from that role. The same one each time. */
export function entityFor(role: string, collection: CollectionName): Entity {
  const entity = entityOf(collection);
  const hidden = hiddenFrom(role, collection);
  if (hidden.length === 0) return entity;
  const key = `${collection} ${hidden.join(' ')}`;
  const made = known.get(key) ?? without(entity, hidden);
  known.set(key, made);
  return made;
}

function without(entity: Entity, hidden: readonly string[]): Entity {
  const fields = Object.entries(entity.fields).filter(([name]) => !hidden.includes(name));
  return { ...entity, fields: Object.fromEntries(fields) };
}
