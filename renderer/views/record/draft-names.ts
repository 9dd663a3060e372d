import type { CollectionName } from '../../../shared/model/index.ts';

/** Names of forms, by which their drafts are found again. They reach the disk only as a keyed hash. */
export function createIdentity(
  collection: CollectionName,
  presets: Readonly<Record<string, unknown>>,
): string {
  const given = Object.entries(presets)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .sort();
  return ['create', collection, ...given].join(':');
}

export function fieldIdentity(collection: CollectionName, id: string, field: string): string {
  return `edit:${collection}:${id}:${field}`;
}

export function noteIdentity(collection: CollectionName, id: string): string {
  return `note:${collection}:${id}`;
}
