import { type Static, type TSchema, Type } from 'typebox';
import {
  AuditEntry,
  AuditFilter,
  AuditVerdict,
  CompanyTables,
  RecordDetail,
  RecordId,
  RecordRow,
  SearchResult,
  ViewPage,
  ViewRequest,
  ViewState,
  ViewSummary,
} from './ipc/records.ts';
import { AppState, DeviceBackup, KeychainStatus, Preferences, SyncStatus } from './ipc/session.ts';
import { schemas } from './model/field.ts';

export * from './ipc/channel.ts';
export * from './ipc/records.ts';
export * from './ipc/session.ts';

/**
 * The one contract between the main process and a window. Every method has a schema for what goes in; the router
 * refuses a payload that does not fit it. What comes out is typed by its schema. Errors are `PlainError`s.
 */
const Nothing = Type.Object({}, { additionalProperties: false });
const Collection = Type.String({ minLength: 1, maxLength: 32 });
const Ref = Type.Object({ collection: Collection, id: RecordId }, { additionalProperties: false });
const Opening = Type.String({ minLength: 1, maxLength: 40 });
const Count = Type.Integer({ minimum: 0 });
const Values = Type.Record(Type.String({ maxLength: 64 }), Type.Unknown());
const Done = Type.Object({});
const Secret = Type.String({ maxLength: 1024 });

const method = <I extends TSchema, O extends TSchema>(input: I, output: O) => ({ input, output });

export const methods = {
  // Who works here.
  'app.state': method(Nothing, AppState),
  'app.signIn': method(
    Type.Object({
      server: Type.String({ minLength: 1, maxLength: 300 }),
      email: Type.String({ minLength: 1, maxLength: 254 }),
      password: Type.String({ minLength: 1, maxLength: 1024 }),
    }),
    AppState,
  ),
  /** Makes the data key and the store; answers with the recovery code, which is shown once. */
  'app.createPassphrase': method(
    Type.Object({ passphrase: Secret }),
    Type.Object({ recoveryCode: Type.String() }),
  ),
  /** The person has the recovery code: the first sync begins. */
  'app.confirmRecovery': method(Nothing, AppState),
  'app.unlock': method(
    Type.Object({
      passphrase: Type.Optional(Secret),
      recoveryCode: Type.Optional(Type.String({ maxLength: 100 })),
      /** With a recovery code: the passphrase to use from now on. */
      newPassphrase: Type.Optional(Secret),
      /** With a passphrase: the keychain that is here gets the key as well. */
      giveToKeychain: Type.Optional(Type.Boolean()),
    }),
    AppState,
  ),
  /** After store.went_back, once a person has decided so: opens the older records. */
  'app.openOlder': method(Type.Object({ passphrase: Secret }), AppState),
  'app.lock': method(Nothing, AppState),

  // What opens this device. Whoever changes it shows that they know the passphrase; a wrong one counts as a try.
  'keys.changePassphrase': method(Type.Object({ passphrase: Secret, newPassphrase: Secret }), Done),
  /** Answers with a new recovery code, shown once. Until it is confirmed the old one counts. */
  'keys.newRecoveryCode': method(
    Type.Object({ passphrase: Secret }),
    Type.Object({ recoveryCode: Type.String() }),
  ),
  'keys.confirmRecoveryCode': method(Nothing, Done),
  'keys.keychain': method(Nothing, KeychainStatus),
  'keys.giveToKeychain': method(Type.Object({ passphrase: Secret }), KeychainStatus),
  /** Needs no passphrase: fewer ways in are no danger. */
  'keys.takeFromKeychain': method(Nothing, KeychainStatus),
  /** Leaves the first-sync screen; rows go on arriving. */
  'app.startWorking': method(Nothing, AppState),
  /** Leaves the company on this device: what waits is sent, then everything is wiped. Only with a connection. */
  'app.leave': method(Nothing, AppState),
  /** After a wipe: the person has read what happened. */
  'app.setUpAgain': method(Nothing, AppState),
  /** After a blocked start: looks again. Never deletes or overwrites. */
  'app.retry': method(Nothing, AppState),
  /** Raw AES-256-GCM key for drafts, base64; derived from the data key, held only while unlocked. */
  'app.draftKey': method(Nothing, Type.Object({ key: Type.String() })),
  /** Which of the records that drafts are for have left this device. 0 for `number` when none may have. */
  'drafts.withdrawn': method(
    Type.Object({ records: Type.Array(Ref, { maxItems: 1000 }) }),
    Type.Object({ number: Count, gone: Type.Array(Ref) }),
  ),
  /** The drafts that the last answer named are gone. */
  'drafts.cleared': method(Type.Object({ number: Count }), Done),
  'preferences.get': method(Nothing, Preferences),
  'preferences.set': method(Preferences, Preferences),

  // Lists.
  /** With `first` the answer brings as many rows along: a list is on the screen after one question, not two. */
  'view.open': method(
    Type.Object({
      ...ViewRequest.properties,
      first: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
      /** Name that the window gives to this opening: `view.opening` tells by it how far a slow one is. */
      opening: Type.Optional(Opening),
    }),
    Type.Object({ ...ViewState.properties, page: Type.Optional(ViewPage) }),
  ),
  /** The list is not wanted any more: its view.open is refused with store.closed. Nothing where it is open already. */
  'view.cancel': method(Type.Object({ opening: Opening }), Done),
  'view.rows': method(
    Type.Object({ viewId: Type.String(), from: Count, count: Type.Integer({ minimum: 1, maximum: 500 }) }),
    ViewPage,
  ),
  'view.summary': method(Type.Object({ viewId: Type.String() }), ViewSummary),
  /** Position of a record in a view, for previous/next; -1 when it is not in it. */
  'view.indexOf': method(
    Type.Object({ viewId: Type.String(), id: RecordId }),
    Type.Object({ index: Type.Integer() }),
  ),
  'view.close': method(Type.Object({ viewId: Type.String() }), Done),
  'search.query': method(
    Type.Object({
      text: Type.String({ maxLength: 200 }),
      collections: Type.Optional(Type.Array(Collection)),
      limit: Type.Integer({ minimum: 1, maximum: 100 }),
    }),
    SearchResult,
  ),
  'tables.get': method(Nothing, CompanyTables),
  'counts.get': method(Nothing, Type.Object({ counts: Type.Record(Type.String(), Count) })),

  // Records. One call = one act = one group.
  'record.get': method(Ref, RecordDetail),
  'record.create': method(
    Type.Object({ collection: Collection, id: Type.Optional(RecordId), values: Values }),
    RecordRow,
  ),
  'record.update': method(
    Type.Object({
      collection: Collection,
      id: RecordId,
      values: Values,
      /** What the person saw when the edit began; without it, what stands now. */
      seen: Type.Optional(Type.Object({ rev: Count, values: Values })),
    }),
    RecordRow,
  ),
  'record.delete': method(Ref, Done),
  'record.restore': method(Ref, RecordRow),
  /** Everything that happened to one record, newest first. */
  'record.history': method(
    Type.Object({
      collection: Collection,
      id: RecordId,
      limit: Type.Integer({ minimum: 1, maximum: 500 }),
    }),
    Type.Object({ entries: Type.Array(AuditEntry) }),
  ),

  // Audit log.
  'audit.count': method(AuditFilter, Type.Object({ count: Count, total: Count })),
  'audit.rows': method(
    Type.Object({ filter: AuditFilter, from: Count, count: Type.Integer({ minimum: 1, maximum: 500 }) }),
    Type.Object({ entries: Type.Array(AuditEntry) }),
  ),
  'audit.verify': method(Nothing, AuditVerdict),

  // What needs a person.
  'inbox.resolve': method(
    Type.Object({
      id: RecordId,
      /** device: the value that was kept; server: the value that stands; other: `value`. */
      choice: Type.Union([Type.Literal('device'), Type.Literal('server'), Type.Literal('other')]),
      value: Type.Optional(Type.Unknown()),
    }),
    Done,
  ),
  /** Takes a resolution back: the item is open again, and the record as it was. */
  'inbox.reopen': method(Type.Object({ id: RecordId }), Done),

  // Sync and help.
  'sync.status': method(Nothing, SyncStatus),
  'sync.now': method(Nothing, SyncStatus),
  /** The person has taken note of what the server keeps for an admin. */
  'sync.understood': method(Nothing, SyncStatus),
  // Backups of this device; their list needs no key.
  'backups.list': method(Nothing, Type.Object({ backups: Type.Array(DeviceBackup) })),
  'backups.make': method(Nothing, DeviceBackup),
  /** When a backup that was asked for was given up because Roadbook locked or closed, ms since 1970; said once. */
  'backups.givenUp': method(Nothing, Type.Object({ at: Type.Union([Type.Number(), Type.Null()]) })),
  /** Goes back to a backup and locks. `passphrase` only where the records cannot be opened: it opens them then. */
  'backups.restore': method(
    Type.Object({
      id: Type.String({ maxLength: 80 }),
      passphrase: Type.Optional(Secret),
    }),
    AppState,
  ),
  'help.showLogs': method(Nothing, Done),
  'help.copyDiagnostics': method(Nothing, Type.Object({ text: Type.String() })),
} as const;

export type MethodName = keyof typeof methods;
export type Input<M extends MethodName> = Static<(typeof methods)[M]['input']>;
export type Output<M extends MethodName> = Static<(typeof methods)[M]['output']>;

/** What the main process tells a window without being asked. */
export const events = {
  'app.state': AppState,
  'sync.status': SyncStatus,
  /** A view has other rows or another order; ask again for what is on the screen. */
  'view.changed': ViewState,
  /** How much of the order of a list that takes long is found, 0 to 1; several times a second. */
  'view.opening': Type.Object({ opening: Opening, share: Type.Number({ minimum: 0, maximum: 1 }) }),
  /** Records that changed, so that an open record page can look again. */
  'records.changed': Type.Object({ collection: Collection, ids: Type.Array(schemas.Id) }),
  /** Records have left this device, because its person sees them no more: drafts of them must go. */
  'records.withdrawn': Nothing,
  'audit.changed': Type.Object({ total: Count }),
  /** Something in the company's tables is different: ask for them again. */
  'tables.changed': Nothing,
  'counts.changed': Type.Object({ counts: Type.Record(Type.String(), Count) }),
  /** Menu and shortcuts: the window should do this. */
  command: Type.Object({ name: Type.String() }),
} as const;

export type EventName = keyof typeof events;
export type EventPayload<E extends EventName> = Static<(typeof events)[E]>;

/** What the preload script puts on `window.roadbook`. */
export interface Bridge {
  call<M extends MethodName>(name: M, input: Input<M>): Promise<CallResult<Output<M>>>;
  on<E extends EventName>(name: E, listener: (payload: EventPayload<E>) => void): () => void;
}

export type CallResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: import('./errors.ts').PlainError };
