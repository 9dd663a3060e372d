import type { Generated } from 'kysely';

/**
 * Tables as Kysely sees them. Types are the smallest common ground of SQLite and PostgreSQL: text, integers (truth
 * values are 0 and 1), times as ISO instants, values as JSON text.
 */
export interface MetaTable {
  key: string;
  value: string;
}

export interface TenantsTable {
  id: string;
  slug: string;
  name: string;
  /** Commit counter: the number of the last row written. Every writer locks this row first. */
  counter: number;
  /** Entries and head of the tenant's audit chain. */
  log_seq: number;
  log_head: string;
  /** Commit number up to which a verified backup holds everything; 0 while there is none. */
  durable_through: Generated<number>;
  /** JSON of rules/reach.ts: what the company lets its roles see. */
  reaches: Generated<string>;
  /** Rises whenever somebody's sight may have changed: a role, a team, a territory, the tree, the reaches. */
  scope_version: Generated<number>;
  /** Days that a device may stay away before its person must sign in again. */
  offline_days: Generated<number>;
  created_at: string;
}

export interface UsersTable {
  /** The same id as the user's directory row. */
  id: string;
  tenant: string;
  /** Lower case; unique over all companies, because sign-in asks for nothing else. */
  email: string;
  name: string;
  role: string;
  team: string;
  territory: string;
  /** Argon2id in PHC form; null until a password was set. */
  password_hash: string | null;
  active: number;
  created_at: string;
}

export interface DevicesTable {
  tenant: string;
  id: string;
  user: string;
  name: string;
  platform: string;
  app: string;
  created_at: string;
  last_seen_at: string;
  /** End of the last exchange that brought the device level with the server. */
  last_sync_at: string | null;
  /** Commit number of the last checkpoint that the device was given. */
  position: number;
  /** Changes that waited on the device at its last report. */
  waiting: number;
  /** JSON list of the buckets that the device held at the end of its last sync. */
  holds: Generated<string>;
  revoked_at: string | null;
  /** 1: the name is an admin's, and a sign-in leaves it. */
  named_by_admin: Generated<number>;
  /** Of the last sign-in; '' until there is one. */
  signed_in_at: Generated<string>;
}

/** What a company signs its orders with: Ed25519. */
export interface OrderKeysTable {
  tenant: string;
  /** The 32 bytes, base64url. */
  public_key: string;
  /** PKCS #8, PEM. */
  private_key: string;
}

/** An order to a device to wipe itself, and what became of it: the receipt. */
export interface DeviceOrdersTable {
  tenant: string;
  id: string;
  device: string;
  /** leave or lost. */
  kind: string;
  at: string;
  /** Id of a person; '' for the command line. */
  made_by: string;
  made_by_name: string;
  nonce: string;
  /** The signed order as it travels. */
  json: string;
  /** open, done or cancelled. */
  state: string;
  /** When the device was first told. */
  delivered_at: string | null;
  /** When its receipt came, or when it was cancelled. */
  settled_at: string | null;
  /** By the clock of the device. */
  wiped_at: string | null;
  /** Changes of the device that were applied since the order, and those that were held. */
  taken: Generated<number>;
  held: Generated<number>;
  /** Changes that the device wiped unsent; null when it did not know. */
  unsent: number | null;
}

/** One sign-in of one device: the family of its refresh tokens. */
export interface SessionsTable {
  id: string;
  tenant: string;
  user: string;
  device: string;
  created_at: string;
  ended_at: string | null;
  /** signed-out, replaced, revoked, reused or disabled. */
  ended_because: string | null;
}

export interface RefreshTokensTable {
  /** SHA-256 of the token, hex. The token itself is nowhere on the server. */
  hash: string;
  session: string;
  parent: string | null;
  issued_at: string;
  expires_at: string;
  used_at: string | null;
}

export interface AdminSessionsTable {
  hash: string;
  tenant: string;
  user: string;
  created_at: string;
  expires_at: string;
}

/** A team or a territory and what it lies under: the tree behind what people see. Follows the directory's rows. */
export interface AreasTable {
  tenant: string;
  id: string;
  /** team or territory. */
  kind: string;
  /** '' at the top. */
  parent: string;
}

export interface RowsTable {
  tenant: string;
  id: string;
  collection: string;
  rev: number;
  number: number;
  deleted: number;
  name: string;
  /** The row exactly as it goes over the wire. */
  json: string;
  /** {field: FieldClock} of fields written since the record was made. */
  clocks: string;
  /** Row digest, 32 hex digits. */
  digest: string;
  /** JSON {projection: row digest} of the projections that see less of the row; null where all see it whole. */
  digests: string | null;
  /** Of a deleted record: the row as it was, so that it can come back. */
  kept: string | null;
}

/** One live entry per bucket and row: the newest thing that happened to it there. */
export interface BucketLogTable {
  tenant: string;
  bucket: string;
  number: number;
  group_end: number;
  collection: string;
  id: string;
  op: string;
}

/** Commit number of the newest entry of a bucket. */
export interface BucketsTable {
  tenant: string;
  bucket: string;
  number: number;
}

export interface BucketDigestsTable {
  tenant: string;
  bucket: string;
  /** Which fields the digest is over (rules/permissions.ts). */
  projection: string;
  digest: string;
}

/** A bucket that a device was told to let go: one line each time. */
export interface WithdrawalsTable {
  tenant: string;
  device: string;
  bucket: string;
  told_at: string;
  /** When the device said that it holds it no more. */
  confirmed_at: string | null;
  /** Rows that left the device in the sync that confirmed it. */
  rows: number;
}

/** A group of edits of records that their sender did not see any more. An admin applies or dismisses it. */
export interface QuarantineTable {
  tenant: string;
  /** The group's id. */
  id: string;
  device: string;
  user: string;
  at: string;
  /** Code of the catalogue. */
  reason: string;
  /** The group as it came. */
  json: string;
  /** held, restored or dismissed. */
  state: string;
  settled_at: string | null;
  settled_by: string | null;
}

/** The audit chain; values live apart so that they can be erased without breaking it. */
export interface AuditLogTable {
  tenant: string;
  seq: number;
  /** Commit number at which the entry became visible; always the end of a group. */
  number: number;
  kind: string;
  /** Of a change: whose it is, so that it is told to those who see the record. */
  record: string | null;
  leaf: string;
  hash: string;
  at: string;
}

export interface AuditValuesTable {
  tenant: string;
  seq: number;
  salt: string;
  json: string;
}

/** Verdicts by group, so that a replayed push is answered as the first time. */
export interface VerdictsTable {
  tenant: string;
  group_id: string;
  device: string;
  json: string;
  at: string;
}

/** Accepted mutations with their outcome, for groups that come again cut differently. */
export interface MutationsTable {
  tenant: string;
  id: string;
  result: string;
  number: number;
  /** When it was decided. */
  at: string;
}

/** One line per exchange: push, pulls and report of one sync. No values of records. */
export interface SyncLogTable {
  /** Rises with every line; cursor of the admin's list. */
  id: Generated<number>;
  tenant: string;
  exchange: string;
  device: string;
  device_name: string;
  app: string;
  user: string;
  user_name: string;
  address: string;
  started_at: string;
  ended_at: string;
  pushes: number;
  pulls: number;
  groups: number;
  rows_in: number;
  rows_out: number;
  changes: number;
  accepted: number;
  superseded: number;
  conflicts: number;
  refusals: number;
  undecided: number;
  mismatches: number;
  waiting: number;
  bytes_in: number;
  bytes_out: number;
  millis: number;
  device_millis: number;
  position: number;
  status: number;
  error: string;
  /** What happened, in order: [{at, text, needs, millis}]. */
  steps: string;
}

export interface Tables {
  meta: MetaTable;
  tenants: TenantsTable;
  users: UsersTable;
  devices: DevicesTable;
  sessions: SessionsTable;
  refresh_tokens: RefreshTokensTable;
  admin_sessions: AdminSessionsTable;
  areas: AreasTable;
  rows: RowsTable;
  bucket_log: BucketLogTable;
  buckets: BucketsTable;
  bucket_digests: BucketDigestsTable;
  withdrawals: WithdrawalsTable;
  quarantine: QuarantineTable;
  audit_log: AuditLogTable;
  audit_values: AuditValuesTable;
  verdicts: VerdictsTable;
  mutations: MutationsTable;
  sync_log: SyncLogTable;
  order_keys: OrderKeysTable;
  device_orders: DeviceOrdersTable;
}
