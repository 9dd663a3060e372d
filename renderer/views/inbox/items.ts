import type { RecordRow } from '../../../shared/ipc.ts';
import {
  type Body,
  type CollectionName,
  entityOf,
  type FieldSpec,
  fieldOf,
  isCollection,
  type Side,
} from '../../../shared/model/index.ts';
import { today } from '../../format.ts';

/** One thing that needs a person, or that was settled. */
export interface InboxItem {
  readonly id: string;
  readonly kind: 'conflict' | 'refusal';
  readonly open: boolean;
  /** Title of the record. */
  readonly subject: string;
  readonly collection: CollectionName | null;
  readonly record: string;
  /** '' where the whole record is meant. */
  readonly field: string;
  readonly spec: FieldSpec | undefined;
  /** The value that both started from. */
  readonly base: unknown;
  /** What stands. */
  readonly server: Side | null;
  /** What was kept. */
  readonly device: Side | null;
  /** Other fields of the same act, refused together with this one. */
  readonly others: Body;
  readonly code: string;
  readonly reason: string;
  readonly at: string;
  readonly resolution: { readonly choice: string; readonly value: unknown } | null;
}

export function toItem(row: RecordRow): InboxItem {
  const { body } = row;
  const name = text(body.collection);
  const collection = isCollection(name) ? name : null;
  const field = text(body.field);
  return {
    id: row.id,
    kind: body.kind === 'refusal' ? 'refusal' : 'conflict',
    open: body.status === 'open',
    subject: text(body.subject) || row.name,
    collection,
    record: text(body.record),
    field,
    spec: collection === null ? undefined : fieldOf(entityOf(collection), field),
    base: body.base ?? null,
    server: side(body.server),
    device: side(body.device),
    others: isBody(body.others) ? body.others : {},
    code: text(body.code),
    reason: text(body.reason),
    at: text(body.at) || row.createdAt,
    resolution: (body.resolution ?? null) as InboxItem['resolution'],
  };
}

/** For this person: they own the record's item, or their change was kept back. */
export function isMine(row: RecordRow, me: string): boolean {
  return row.owner === me || side(row.body.device)?.user === me;
}

/** "Two amounts for one deal", "Stage refused by the server". */
export function itemTitle(item: InboxItem): string {
  const object = item.collection === null ? 'record' : entityOf(item.collection).singular;
  const label = item.spec?.label ?? 'Change';
  if (item.kind === 'refusal') return `${label} refused by the server`;
  return item.spec === undefined ? `Two changes to one ${object}` : `Two ${plural(label)} for one ${object}`;
}

/** What became of a settled item. */
export function settledTitle(item: InboxItem, words: (value: unknown) => string): string {
  if (item.kind === 'refusal') {
    return item.resolution?.choice === 'server' ? 'You settled a refusal' : 'You sent a change again';
  }
  const value =
    item.resolution?.choice === 'server' ? item.server?.value : (keptValue(item) ?? item.device?.value);
  const said = words(value);
  return said === '' ? 'You kept an empty value' : `You kept ${said}`;
}

/** Main keeps the chosen fields by name; older items keep the bare value. */
function keptValue(item: InboxItem): unknown {
  const value = item.resolution?.value;
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, item.field)) {
    return (value as Record<string, unknown>)[item.field];
  }
  return value;
}

export interface Sections {
  readonly open: readonly InboxItem[];
  readonly settledToday: readonly InboxItem[];
  readonly earlier: readonly InboxItem[];
}

export function sections(items: readonly InboxItem[], now: Date): Sections {
  const day = (item: InboxItem) => today(new Date(item.at));
  const settled = items.filter((item) => !item.open);
  return {
    open: items.filter((item) => item.open),
    settledToday: settled.filter((item) => day(item) === today(now)),
    earlier: settled.filter((item) => day(item) !== today(now)),
  };
}

function plural(label: string): string {
  const word = label.toLowerCase();
  if (word.endsWith('y')) return `${word.slice(0, -1)}ies`;
  return word.endsWith('s') ? word : `${word}s`;
}

function side(value: unknown): Side | null {
  const given = value as Partial<Side> | null | undefined;
  if (typeof given !== 'object' || given === null) return null;
  return {
    value: given.value ?? null,
    user: text(given.user),
    device: text(given.device),
    at: text(given.at),
    ...(given.offline === true ? { offline: true } : {}),
  };
}

function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
