import type { RecordRow, SyncMark } from '../../shared/ipc/records.ts';
import { type Body, type CollectionName, entityOf, fieldValue, type Row } from '../../shared/model/index.ts';
import type { SessionUser, WireRow } from '../../shared/sync/wire.ts';
import type { StoredDoc } from '../store/contract.ts';

/** A row and whether it is deleted: what a document holds beside RxDB's own members. */
export interface Held {
  readonly row: Row;
  readonly deleted: boolean;
}

/** A row that is made on this device: the server has not accepted it, and says later whose it really is. */
export function newRow(user: SessionUser, id: string, at: string): Row {
  return {
    id,
    rev: 0,
    tenant: user.tenant,
    owner: user.id,
    team: user.team,
    territory: user.territory,
    name: '',
    createdAt: at,
    createdBy: user.id,
    updatedAt: at,
    updatedBy: user.id,
    body: {},
  };
}

/** The revision that follows another one. Writers of one store need no more than the height to notice each other. */
export function nextRevision(previous: string | undefined): string {
  const height = previous === undefined ? 0 : Number.parseInt(previous, 10);
  return `${height + 1}-roadbook`;
}

/** @param now milliseconds, becomes the document's last write time */
export function toDoc({ row, deleted }: Held, previous: StoredDoc | undefined, now: number): StoredDoc {
  return {
    ...row,
    _deleted: deleted,
    _attachments: {},
    _rev: nextRevision(previous?._rev),
    _meta: { lwt: Math.max(now, (previous?._meta.lwt ?? 0) + 0.01) },
  };
}

export function fromDoc(doc: StoredDoc): Held {
  const text = (member: string): string => {
    const value = doc[member];
    return typeof value === 'string' ? value : '';
  };
  const row: Row = {
    id: doc.id,
    rev: typeof doc.rev === 'number' ? doc.rev : 0,
    tenant: text('tenant'),
    owner: text('owner'),
    team: text('team'),
    territory: text('territory'),
    name: text('name'),
    createdAt: text('createdAt'),
    createdBy: text('createdBy'),
    updatedAt: text('updatedAt'),
    updatedBy: text('updatedBy'),
    body: isBody(doc.body) ? doc.body : {},
  };
  return { row, deleted: doc._deleted };
}

/** Server values as the device holds them. */
export function fromWire(wire: WireRow, tenant: string): Held {
  const { collection, deleted, ...values } = wire;
  return { row: titled(collection as CollectionName, { ...values, tenant, name: '' }), deleted };
}

/** Server values as they travelled, rebuilt from a row that has no unsent edits. */
export function toWire(collection: string, { row, deleted }: Held): WireRow {
  const { tenant: _tenant, name: _name, ...values } = row;
  return { collection, deleted, ...values };
}

/** The row with its title computed anew. */
export function titled(collection: CollectionName, row: Row): Row {
  return { ...row, name: entityOf(collection).title(row.body) };
}

export function toRecordRow(collection: string, { row, deleted }: Held, mark: SyncMark): RecordRow {
  const { tenant: _tenant, ...values } = row;
  return { ...values, collection, deleted, mark };
}

/** Ids that a row refers to, for the names beside it. */
export function referencesOf(collection: CollectionName, row: Row): string[] {
  const ids: unknown[] = [row.owner, row.team, row.territory, row.createdBy, row.updatedBy];
  for (const [name, spec] of Object.entries(entityOf(collection).fields)) {
    if (spec.kind === 'reference') ids.push(fieldValue(row, name));
    if (spec.kind === 'items') ids.push(...itemReferences(row.body[name]));
  }
  return ids.filter((id): id is string => typeof id === 'string' && id !== '');
}

/** Members of list items that name records: contacts with roles, line items, further accounts and links. */
const itemMembers = ['account', 'contact', 'product', 'record'] as const;

function itemReferences(value: unknown): unknown[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: Record<string, unknown> | null) => itemMembers.map((member) => item?.[member]));
}

function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
