import { type Static, Type } from 'typebox';
import { schemas } from '../model/field.ts';
import { UUID_PATTERN } from '../sync/ids.ts';

const Collection = Type.String({ minLength: 1, maxLength: 32 });
const Count = Type.Integer({ minimum: 0 });
const Body = Type.Record(Type.String(), Type.Unknown());

/** The id of a record, as a window may ask for it. Every id is made as a UUID; anything else is refused at the door. */
export const RecordId = Type.String({ pattern: UUID_PATTERN });

/** Mango selector over field names (`stage`, `amount`, `owner`, `name`, `updatedAt` …), not over storage paths. */
export const Filter = Type.Object({
  field: Type.String({ maxLength: 64 }),
  op: Type.Union([
    Type.Literal('is'),
    Type.Literal('is-not'),
    Type.Literal('any-of'),
    Type.Literal('at-least'),
    Type.Literal('at-most'),
    Type.Literal('contains'),
    Type.Literal('empty'),
    Type.Literal('not-empty'),
  ]),
  value: Type.Optional(Type.Unknown()),
});
export type Filter = Static<typeof Filter>;

export const Sort = Type.Object({
  field: Type.String({ maxLength: 64 }),
  direction: Type.Union([Type.Literal('asc'), Type.Literal('desc')]),
});
export type Sort = Static<typeof Sort>;

/** How a record stands towards the server: in step, saved here only, or waiting for a person. */
export const SyncMark = Type.Union([
  Type.Literal('in-step'),
  Type.Literal('waiting'),
  Type.Literal('needs-you'),
]);
export type SyncMark = Static<typeof SyncMark>;

export const RecordRow = Type.Object({
  collection: Collection,
  id: schemas.Id,
  rev: Count,
  deleted: Type.Boolean(),
  name: Type.String(),
  owner: Type.String(),
  team: Type.String(),
  territory: Type.String(),
  createdAt: Type.String(),
  createdBy: Type.String(),
  updatedAt: Type.String(),
  updatedBy: Type.String(),
  body: Body,
  mark: SyncMark,
});
export type RecordRow = Static<typeof RecordRow>;

/** The company's small tables, whole: people, teams and territories; pipelines, reasons and currency. */
export const CompanyTables = Type.Object({
  directory: Type.Array(RecordRow),
  definitions: Type.Array(RecordRow),
});
export type CompanyTables = Static<typeof CompanyTables>;

/** Titles of the records that the rows refer to: id -> name. */
export const Names = Type.Record(Type.String(), Type.String());

export const ViewRequest = Type.Object({
  collection: Collection,
  /** All of these must hold. */
  filters: Type.Array(Filter, { maxItems: 50 }),
  sort: Type.Array(Sort, { maxItems: 5 }),
});
export type ViewRequest = Static<typeof ViewRequest>;

export const ViewState = Type.Object({ viewId: Type.String(), count: Count, version: Count });
export type ViewState = Static<typeof ViewState>;

export const ViewPage = Type.Object({
  viewId: Type.String(),
  version: Count,
  count: Count,
  from: Count,
  rows: Type.Array(RecordRow),
  names: Names,
});
export type ViewPage = Static<typeof ViewPage>;

/** Sums over a whole view, for the status line and the board's heads. Money in minor units of one currency. */
export const ViewSummary = Type.Object({
  count: Count,
  sums: Type.Array(
    Type.Object({ currency: Type.String(), minor: Type.Integer(), weightedMinor: Type.Integer() }),
  ),
});
export type ViewSummary = Static<typeof ViewSummary>;

export const RecordDetail = Type.Object({
  row: RecordRow,
  names: Names,
  /** Fields with edits that the server has not accepted yet. */
  waitingFields: Type.Array(Type.String()),
  /** Fields with an open conflict or refusal: field -> inbox item id. */
  inbox: Type.Record(Type.String(), Type.String()),
});
export type RecordDetail = Static<typeof RecordDetail>;

/** One entry of the local audit log; also of a record's timeline. */
export const AuditEntry = Type.Object({
  seq: Count,
  at: Type.String(),
  /**
   * change: a field; create, delete, restore: a record; sync, sign-in, unlock, open-older, restore-backup, lock,
   * new-passphrase, new-recovery-code, keychain-on, keychain-off, conflict, refusal: an event.
   */
  kind: Type.String(),
  collection: Type.String(),
  record: Type.String(),
  name: Type.String(),
  field: Type.String(),
  from: Type.Unknown(),
  to: Type.Unknown(),
  user: Type.String(),
  userName: Type.String(),
  device: Type.String(),
  deviceName: Type.String(),
  offline: Type.Boolean(),
  /** saved: waits here; sent: the server accepted; conflict, superseded, refused, quarantined: what became of it; '' for events. */
  state: Type.String(),
  hash: Type.String(),
  /** Names of records that from and to refer to. */
  names: Type.Optional(Names),
});
export type AuditEntry = Static<typeof AuditEntry>;

export const AuditFilter = Type.Object({
  text: Type.Optional(Type.String({ maxLength: 200 })),
  kinds: Type.Optional(Type.Array(Type.String())),
  user: Type.Optional(Type.String()),
  offline: Type.Optional(Type.Boolean()),
  collection: Type.Optional(Collection),
  record: Type.Optional(RecordId),
});
export type AuditFilter = Static<typeof AuditFilter>;

export const AuditVerdict = Type.Object({
  ok: Type.Boolean(),
  entries: Count,
  head: Type.String(),
  millis: Type.Number(),
  at: Type.String(),
  /** First entry that does not fit. */
  fault: Type.Union([Type.Null(), Type.Object({ seq: Count, reason: Type.String() })]),
});
export type AuditVerdict = Static<typeof AuditVerdict>;

export const SearchHit = Type.Object({
  collection: Collection,
  id: schemas.Id,
  name: Type.String(),
  /** Text around the match, in parts; odd parts are the match. */
  excerpt: Type.Array(Type.String()),
  row: RecordRow,
  mark: SyncMark,
});
export type SearchHit = Static<typeof SearchHit>;

export const SearchResult = Type.Object({
  hits: Type.Array(SearchHit),
  names: Names,
  /** False while the index is still being built behind an initial sync. */
  complete: Type.Boolean(),
  millis: Type.Number(),
});
export type SearchResult = Static<typeof SearchResult>;
