import { RoadbookError } from '../../shared/errors.ts';
import {
  type Body,
  type CollectionName,
  type Entity,
  entityOf,
  type FieldSpec,
  fieldOf,
  isCollection,
  type Stage,
} from '../../shared/model/index.ts';
import { type Action, hiddenFrom, may } from '../../shared/rules/permissions.ts';
import { stagesOf } from '../../shared/rules/stages.ts';
import { isBlank } from '../../shared/rules/validate.ts';
import type { StoreApi } from '../store/contract.ts';
import { fromDoc } from './rows.ts';

/** The object of a write, if this role may do that to it. */
export function writable(role: string, action: Action, collection: CollectionName): Entity {
  const entity = entityOf(collection);
  if (!entity.editable) throw new RoadbookError('record.read_only', { object: entity.label });
  if (!may(role, action, collection)) {
    throw new RoadbookError('permission.denied', {
      action: words[action],
      object: entity.labelPlural.toLowerCase(),
    });
  }
  return entity;
}

const words: Readonly<Record<Action, string>> = {
  read: 'read',
  create: 'create',
  update: 'change',
  delete: 'delete',
};

/**
 * What a person may set: known fields that are not filled by rules or by the server. Texts that show nothing mean
 * emptiness.
 * @throws record.invalid naming the field; permission.denied for one that is kept from this role
 */
export function cleanValues(entity: Entity, given: Body, role: string): Body {
  const hidden = hiddenFrom(role, entity.name as CollectionName);
  const clean: Body = {};
  for (const [name, value] of Object.entries(given)) {
    const spec = fieldOf(entity, name);
    if (spec === undefined) {
      throw new RoadbookError('record.invalid', {
        field: name,
        fieldName: name,
        reason: 'there is no such field',
      });
    }
    if (hidden.includes(name)) {
      const object = `${spec.label.toLowerCase()} of ${entity.labelPlural.toLowerCase()}`;
      throw new RoadbookError('permission.denied', { action: words.update, object });
    }
    if (spec.readOnly === true || spec.merge === 'computed') {
      const reason = 'Roadbook fills it itself';
      throw new RoadbookError('record.invalid', { field: spec.label, fieldName: name, reason });
    }
    clean[name] = value === undefined || value === '' || (isWords(spec) && isBlank(value)) ? null : value;
  }
  return clean;
}

function isWords({ kind }: FieldSpec): boolean {
  return kind === 'text' || kind === 'long-text' || kind === 'url';
}

/** Stages of a deal's pipeline; none for other objects. */
export async function stagesFor(store: StoreApi, entity: Entity, body: Body): Promise<readonly Stage[]> {
  if (entity.name !== 'deals' || typeof body.pipeline !== 'string') return [];
  const [doc] = await store.get('definitions', [body.pipeline]);
  return doc === undefined || doc._deleted ? [] : stagesOf(fromDoc(doc).row);
}

/**
 * References that a person set must name records that are here and of the right object; a parent account must not lie
 * below the account itself.
 * @throws integrity.reference, integrity.cycle
 */
export async function checkReferences(
  store: StoreApi,
  entity: Entity,
  id: string,
  changed: Body,
  regardingCollection: unknown,
): Promise<void> {
  for (const [name, value] of Object.entries(changed)) {
    const spec = fieldOf(entity, name);
    if (spec?.kind !== 'reference' || typeof value !== 'string') continue;
    const target = spec.target === '*' ? regardingCollection : spec.target;
    if (typeof target !== 'string' || !isCollection(target)) continue;
    const [doc] = await store.get(target, [value]);
    if (doc === undefined || doc._deleted) {
      throw new RoadbookError('integrity.reference', { field: spec.label, fieldName: name });
    }
    if (target === entity.name) await checkCycle(store, entity, name, id, value);
  }
}

/** Longer chains of parents than this are treated as a circle. */
const DEEPEST = 100;

async function checkCycle(store: StoreApi, entity: Entity, field: string, id: string, first: string) {
  let above: unknown = first;
  for (let depth = 0; typeof above === 'string'; depth += 1) {
    if (above === id || depth === DEEPEST) {
      const label = fieldOf(entity, field)?.label ?? field;
      throw new RoadbookError('integrity.cycle', { field: label, fieldName: field });
    }
    const [doc] = await store.get(entity.name, [above]);
    above = doc === undefined ? undefined : fromDoc(doc).row.body[field];
  }
}
