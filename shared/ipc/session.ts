import { type Static, Type } from 'typebox';
import { OrderKind } from '../sync/orders.ts';
import { SessionUser } from '../sync/wire.ts';

const Count = Type.Integer({ minimum: 0 });

export const PlainErrorSchema = Type.Object({
  code: Type.String(),
  message: Type.String(),
  hint: Type.String(),
  details: Type.Record(Type.String(), Type.Unknown()),
});

/** What the window shows: which screen, and what that screen needs. Nothing from the records before unlocking. */
export const AppState = Type.Object({
  phase: Type.Union([
    /** No store on this device: ask for the server and sign in. */
    Type.Literal('sign-in'),
    /** Signed in, no key yet: choose a passphrase. */
    Type.Literal('passphrase'),
    /** The recovery code is shown once and must be confirmed. */
    Type.Literal('recovery'),
    Type.Literal('locked'),
    /** First rows are on their way; the person may start working at any time. */
    Type.Literal('first-sync'),
    Type.Literal('ready'),
    /** The store cannot be opened; `error` says which screen. Locked, it says why a backup was not put in place. */
    Type.Literal('blocked'),
    /** The company ordered this device to wipe itself: `wiped` says what happened. */
    Type.Literal('wiped'),
  ]),
  error: Type.Union([PlainErrorSchema, Type.Null()]),
  suggestedServer: Type.String(),
  /** Absent while locked: who works here is inside the encrypted store. */
  user: Type.Union([SessionUser, Type.Null()]),
  deviceName: Type.String(),
  version: Type.String(),
  /** Changes that wait here, as a number without content; null when it is not known. */
  waiting: Type.Union([Count, Type.Null()]),
  /** The person's own open activities that are due, as a number without content; null when it is not known. */
  due: Type.Union([Count, Type.Null()]),
  /** The key is right, and records of an earlier version are being prepared for this one: how much is done, 0 to 1. */
  preparing: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  /** This device leaves the company: it sends what waits, then it is wiped. */
  leaving: Type.Optional(Type.Boolean()),
  /** `unsent`: changes that were not sent; null when nobody could count them. */
  wiped: Type.Optional(
    Type.Object({ kind: OrderKind, at: Type.String(), unsent: Type.Union([Count, Type.Null()]) }),
  ),
  /** Locked, and the keychain of the system opens the key. */
  keychain: Type.Boolean(),
  /**
   * Locked, and the keychain that was given the key is not the one that is here: names as the system calls them, '' for
   * not known (`was`) and for none (`now`). The passphrase opens the records.
   */
  keychainLost: Type.Optional(Type.Object({ was: Type.String(), now: Type.String() })),
});
export type AppState = Static<typeof AppState>;

/** How the data key stands to the keychain of the system; see KeychainState in electron/keys/keychain.ts. */
export const KeychainStatus = Type.Object({
  state: Type.Union([
    /** No keychain that protects is here. */
    Type.Literal('none'),
    /** One is here and does not have the key. */
    Type.Literal('off'),
    Type.Literal('ready'),
    /** Another one than the one that was given the key is here. */
    Type.Literal('changed'),
    /** The one that was given the key is not here, and no other either. */
    Type.Literal('gone'),
  ]),
  was: Type.String(),
  now: Type.String(),
});
export type KeychainStatus = Static<typeof KeychainStatus>;

/** Changes that the server keeps for an admin: they were to records that their author does not see any more. */
export const HeldBack = Type.Object({ changes: Count, at: Type.String() });
export type HeldBack = Static<typeof HeldBack>;

export const SyncStatus = Type.Object({
  state: Type.Union([
    Type.Literal('online'),
    Type.Literal('offline'),
    Type.Literal('syncing'),
    Type.Literal('signed-out'),
    Type.Literal('error'),
    /** In no contact, because its person syncs by hand. */
    Type.Literal('by-hand'),
  ]),
  /** Mutations not yet accepted. */
  waiting: Count,
  /** Open inbox items. */
  needYou: Count,
  /** null once the person has taken note. */
  heldBack: Type.Union([HeldBack, Type.Null()]),
  lastSyncAt: Type.Union([Type.String(), Type.Null()]),
  /** Last time that every bucket's digest matched the server's. */
  verifiedAt: Type.Union([Type.String(), Type.Null()]),
  error: Type.Union([PlainErrorSchema, Type.Null()]),
  server: Type.String(),
  progress: Type.Union([
    Type.Null(),
    Type.Object({
      rows: Count,
      total: Count,
      rowsPerSecond: Type.Number(),
      bytes: Count,
      collections: Type.Array(Type.Object({ name: Type.String(), here: Count, total: Count })),
      searchReady: Type.Boolean(),
      done: Type.Boolean(),
    }),
  ]),
});
export type SyncStatus = Static<typeof SyncStatus>;

export const DeviceBackup = Type.Object({
  id: Type.String(),
  /** Milliseconds since 1970, UTC. */
  at: Type.Number(),
  reason: Type.Union([
    Type.Literal('routine'),
    Type.Literal('asked'),
    Type.Literal('before-restore'),
    Type.Literal('before-migration'),
  ]),
  bytes: Count,
});
export type DeviceBackup = Static<typeof DeviceBackup>;

export const Preferences = Type.Object({
  theme: Type.Union([Type.Literal('system'), Type.Literal('light'), Type.Literal('dark')]),
  density: Type.Union([Type.Literal('dense'), Type.Literal('comfortable')]),
  /** Minutes without a touch after which the records lock; 0 for never. */
  lockMinutes: Type.Union([Type.Literal(5), Type.Literal(15), Type.Literal(60), Type.Literal(0)]),
  /** by-hand: nothing is sent or fetched before the person asks, for metered lines. */
  sync: Type.Union([Type.Literal('automatic'), Type.Literal('by-hand')]),
});
export type Preferences = Static<typeof Preferences>;
