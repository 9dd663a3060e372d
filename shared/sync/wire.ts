import { type Static, Type } from 'typebox';
import { schemas } from '../model/field.ts';
import { STAMP_PATTERN } from './hlc.ts';
import { UUID_PATTERN } from './ids.ts';
import { OrderTrust, SignedOrder } from './orders.ts';

/** Version of this contract; the server names the oldest it still serves. */
export const PROTOCOL = 1;
/** Most mutations in one group; larger acts are split with a shared parent. */
export const MAX_GROUP = 500;
/** Most groups in one push. */
export const MAX_GROUPS = 200;

const Uuid = Type.String({ pattern: UUID_PATTERN });
const Collection = Type.String({ minLength: 1, maxLength: 32 });
const Count = Type.Integer({ minimum: 0 });

/** A row as it travels: server values only, those that the reader may see. */
export const WireRow = Type.Object({
  collection: Collection,
  id: schemas.Id,
  rev: Count,
  deleted: Type.Boolean(),
  owner: Type.String(),
  team: Type.String(),
  territory: Type.String(),
  createdAt: schemas.Instant,
  createdBy: Type.String(),
  updatedAt: schemas.Instant,
  updatedBy: Type.String(),
  body: Type.Record(Type.String(), Type.Unknown()),
});
export type WireRow = Static<typeof WireRow>;

/**
 * One field changed by one person. `create` carries the whole body as its value (scope fields as `owner`, … in it),
 * `delete` and `restore` carry none; `field` is '' for these three.
 */
export const Mutation = Type.Object({
  id: Uuid,
  collection: Collection,
  record: schemas.Id,
  op: Type.Union([
    Type.Literal('create'),
    Type.Literal('set'),
    Type.Literal('delete'),
    Type.Literal('restore'),
  ]),
  field: Type.String({ maxLength: 64 }),
  /** Server value that the person saw. */
  base: Type.Unknown(),
  /** Server revision that the person saw; 0 when the record was made on this device and not yet accepted. */
  baseRev: Count,
  value: Type.Unknown(),
  clock: Type.String({ pattern: STAMP_PATTERN }),
  madeAt: schemas.Instant,
  offline: Type.Boolean(),
});
export type Mutation = Static<typeof Mutation>;

/** What a person did in one act: accepted or refused as a whole. */
export const Group = Type.Object({
  id: Uuid,
  /** Shared by the parts of an act that was too large for one group. */
  parent: Type.Optional(Uuid),
  mutations: Type.Array(Mutation, { minItems: 1, maxItems: MAX_GROUP }),
});
export type Group = Static<typeof Group>;

/** Where a device stands in the tenant's log. */
export const Checkpoint = Type.Object({
  epoch: Type.String({ maxLength: 64 }),
  /** Commit number up to which everything visible was received. */
  number: Count,
  /** Root of the audit log at that number. */
  logRoot: Type.String({ maxLength: 64 }),
  /** Position per bucket: commit number of the last row received from it. */
  buckets: Type.Record(Type.String(), Count),
  /** Which fields the rows came with (rules/permissions.ts); when the reader's are others by now, all is sent anew. */
  projection: Type.Optional(Type.String({ maxLength: 256 })),
  /** Set by the server when a device starts: changes up to this number are older than the device and stay away. */
  historyFrom: Type.Optional(Count),
});
export type Checkpoint = Static<typeof Checkpoint>;

const Client = {
  protocol: Type.Integer({ minimum: 1 }),
  /** Names the set of fields that this device holds; '' = all. */
  projection: Type.String({ maxLength: 64 }),
  /** One id for all requests of one sync, so that the admin reads one line. */
  exchange: Uuid,
};

export const PushRequest = Type.Object({
  ...Client,
  epoch: Type.String({ maxLength: 64 }),
  groups: Type.Array(Group, { maxItems: MAX_GROUPS }),
});
export type PushRequest = Static<typeof PushRequest>;

/** What became of one mutation. */
export const Outcome = Type.Object({
  mutation: Uuid,
  result: Type.Union([
    Type.Literal('applied'),
    /** Another edit is later by the clock; this value is kept in the history. */
    Type.Literal('superseded'),
    /** The server's value stands, this one waits in the inbox. */
    Type.Literal('conflict'),
    /** Computed or unchanged: nothing to do. */
    Type.Literal('unchanged'),
  ]),
});
export type Outcome = Static<typeof Outcome>;

export const Refusal = Type.Object({
  mutation: Uuid,
  collection: Collection,
  record: Type.String(),
  field: Type.String(),
  /** Code of the catalogue. */
  code: Type.String(),
  reason: Type.String(),
  hint: Type.String(),
});
export type Refusal = Static<typeof Refusal>;

export const Verdict = Type.Object({
  group: Uuid,
  /**
   * `quarantined`: the group touched a record that its sender may not see (any more). It is kept on the server for an
   * admin, who may apply it; the device forgets it.
   */
  status: Type.Union([Type.Literal('accepted'), Type.Literal('refused'), Type.Literal('quarantined')]),
  /**
   * Commit number of the group's last row; where nothing changed, that of the last row before it. 0 when it was not
   * accepted.
   */
  number: Count,
  outcomes: Type.Array(Outcome),
  refusals: Type.Array(Refusal),
});
export type Verdict = Static<typeof Verdict>;

export const PushResponse = Type.Object({
  epoch: Type.String(),
  verdicts: Type.Array(Verdict),
  /** Mutations up to this commit number are in a verified backup; the device may forget them. */
  durableThrough: Count,
  serverTime: schemas.Instant,
});
export type PushResponse = Static<typeof PushResponse>;

export const PullRequest = Type.Object({
  ...Client,
  checkpoint: Type.Union([Checkpoint, Type.Null()]),
  /** Rows wanted; the page ends on a group boundary, so it may hold up to one group more. */
  limit: Type.Integer({ minimum: 1, maximum: 10_000 }),
});
export type PullRequest = Static<typeof PullRequest>;

/** An accepted change of somebody, for history and audit. Left out below the first checkpoint of a device. */
export const Change = Type.Object({
  mutation: Uuid,
  number: Count,
  collection: Collection,
  record: schemas.Id,
  name: Type.String(),
  op: Type.String(),
  field: Type.String(),
  from: Type.Unknown(),
  to: Type.Unknown(),
  user: Type.String(),
  device: Type.String(),
  deviceName: Type.String(),
  madeAt: schemas.Instant,
  offline: Type.Boolean(),
  result: Type.Union([Type.Literal('applied'), Type.Literal('superseded'), Type.Literal('conflict')]),
});
export type Change = Static<typeof Change>;

export const Membership = Type.Object({
  bucket: Type.String(),
  collection: Collection,
  id: schemas.Id,
  op: Type.Union([Type.Literal('put'), Type.Literal('remove')]),
  number: Count,
});
export type Membership = Static<typeof Membership>;

/** What the reader is by now: it may have changed since the sign-in. */
export const WireViewer = Type.Object({
  role: Type.String(),
  team: Type.String(),
  territory: Type.String(),
});
export type WireViewer = Static<typeof WireViewer>;

export const PullResponse = Type.Object({
  epoch: Type.String(),
  viewer: WireViewer,
  /**
   * Buckets that the device still named in its checkpoint and that the reader sees no more: every row that is here for
   * no other reason leaves the device before anything else of this page is applied.
   */
  lost: Type.Array(Type.String()),
  rows: Type.Array(WireRow),
  memberships: Type.Array(Membership),
  changes: Type.Array(Change),
  checkpoint: Checkpoint,
  more: Type.Boolean(),
  /** Rows that the reader can see, per collection; in the first page of a device, for its progress bar. */
  totals: Type.Optional(Type.Record(Type.String(), Count)),
  /** Digest per bucket over live rows, taken from the same snapshot as the last page; only when `more` is false. */
  digests: Type.Optional(Type.Record(Type.String(), Type.String())),
  /** What the company orders this device to do; see orders.ts. */
  order: Type.Optional(SignedOrder),
  serverTime: schemas.Instant,
});
export type PullResponse = Static<typeof PullResponse>;

/** One line of the live stream (server-sent events, event name `bucket`). Data always comes through pull. */
export const LiveEvent = Type.Object({ bucket: Type.String(), number: Count });
export type LiveEvent = Static<typeof LiveEvent>;

/** What a device tells the server at the end of a sync, so that the admin's line is complete. */
export const SyncReport = Type.Object({
  ...Client,
  rowsIn: Count,
  rowsOut: Count,
  millis: Count,
  /** Changes that still wait on the device. */
  waiting: Count,
  /** Rows that left the device in this sync because its person sees them no more. */
  removed: Type.Optional(Count),
  /** Buckets that the device holds after this sync: the receipt for those that it was told to let go. */
  holds: Type.Optional(Type.Array(Type.String())),
  /** Buckets whose digest did not match after the pull. */
  mismatches: Type.Array(
    Type.Object({ bucket: Type.String(), server: Type.String(), device: Type.String() }),
  ),
});
export type SyncReport = Static<typeof SyncReport>;

export const SignInRequest = Type.Object({
  email: Type.String({ minLength: 3, maxLength: 254 }),
  password: Type.String({ minLength: 1, maxLength: 1024 }),
  device: Type.Object({
    id: Uuid,
    name: Type.String({ minLength: 1, maxLength: 100 }),
    platform: Type.String({ maxLength: 40 }),
    app: Type.String({ maxLength: 40 }),
  }),
});
export type SignInRequest = Static<typeof SignInRequest>;

export const SessionUser = Type.Object({
  id: schemas.Id,
  name: Type.String(),
  email: Type.String(),
  role: Type.String(),
  tenant: schemas.Id,
  tenantName: Type.String(),
  team: Type.String(),
  territory: Type.String(),
});
export type SessionUser = Static<typeof SessionUser>;

export const Tokens = Type.Object({
  accessToken: Type.String(),
  /** Seconds until the access token ends. */
  expiresIn: Type.Integer(),
  refreshToken: Type.String(),
  /** How this device knows an order of its company. A device keeps the first key that it was given until it signs in anew. */
  orders: Type.Optional(OrderTrust),
});
export type Tokens = Static<typeof Tokens>;

export const SignInResponse = Type.Object({ ...Tokens.properties, user: SessionUser });
export type SignInResponse = Static<typeof SignInResponse>;

export const RefreshRequest = Type.Object({ refreshToken: Type.String({ maxLength: 512 }), device: Uuid });
export type RefreshRequest = Static<typeof RefreshRequest>;

export const Hello = Type.Object({
  product: Type.Literal('roadbook'),
  version: Type.String(),
  protocol: Type.Integer(),
  oldestProtocol: Type.Integer(),
  serverTime: schemas.Instant,
});
export type Hello = Static<typeof Hello>;

/** Routes of the contract; both sides take them from here. */
export const routes = {
  hello: '/v1/hello',
  signIn: '/v1/auth/sign-in',
  refresh: '/v1/auth/refresh',
  signOut: '/v1/auth/sign-out',
  push: '/v1/sync/push',
  pull: '/v1/sync/pull',
  live: '/v1/sync/live',
  report: '/v1/sync/report',
  syncLog: '/v1/admin/sync-log',
  reach: '/v1/admin/reach',
  person: '/v1/admin/people/:id',
  quarantine: '/v1/admin/quarantine',
  quarantineRestore: '/v1/admin/quarantine/:id/restore',
  quarantineDismiss: '/v1/admin/quarantine/:id/dismiss',
  withdrawals: '/v1/admin/withdrawals',
  recordDevices: '/v1/admin/records/:id/devices',
  devices: '/v1/admin/devices',
  device: '/v1/admin/devices/:id',
  deviceRevoke: '/v1/admin/devices/:id/revoke',
  deviceAllow: '/v1/admin/devices/:id/allow',
  deviceOrder: '/v1/admin/devices/:id/orders',
  deviceOrders: '/v1/admin/device-orders',
  longestOffline: '/v1/admin/longest-offline',
  leave: '/v1/device/leave',
  receipt: '/v1/device/receipt',
} as const;
