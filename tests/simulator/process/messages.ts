import type { StoredSession } from '../../../electron/records/stored-session.ts';
import type { SyncStatus } from '../../../shared/ipc/session.ts';
import type { Said } from '../device.ts';

/** What a device's process is started with. */
export interface Birth {
  readonly folder: string;
  readonly index: number;
  readonly seed: number;
  /** How often the device was started. */
  readonly life: number;
  readonly line: LineState;
  readonly skew: number;
  readonly full: number;
}

/** The line to the server. */
export interface LineState {
  /** 0 while no server listens. */
  readonly port: number;
  readonly up: boolean;
  readonly down: boolean;
  /** Probability that something happens to a message. */
  readonly bad: number;
}

/** What a device's process is told to do. Each is answered once it is done. */
export type Order =
  | { readonly do: 'act'; readonly chance: number }
  /** Somebody does something at the n-th call of the store from now. */
  | { readonly do: 'amid'; readonly calls: number; readonly chance: number }
  /** The process kills itself at the n-th call of the store from now. */
  | { readonly do: 'doom'; readonly calls: number }
  | { readonly do: 'full'; readonly commits: number }
  | { readonly do: 'skew'; readonly millis: number }
  | { readonly do: 'line'; readonly line: LineState }
  /** A push that was sent before is sent again. */
  | { readonly do: 'echo'; readonly chance: number }
  /** Begins an exchange and does not wait for it. */
  | { readonly do: 'sync' }
  /** Makes an exchange and says how it went. */
  | { readonly do: 'settle' }
  | { readonly do: 'sign-in'; readonly session: StoredSession }
  | { readonly do: 'spare' }
  | { readonly do: 'stop' };

export interface Reply {
  readonly order: number;
  readonly status: SyncStatus;
}

/** What a device's process says by itself. */
export type Told =
  | { readonly told: 'ready' }
  /** A commit is about to be made with this in it. */
  | {
      readonly told: 'making';
      readonly made: readonly Said[];
      readonly held: readonly string[];
      readonly left: readonly string[];
    }
  /** A commit with these mutations is acknowledged. */
  | { readonly told: 'saved'; readonly ids: readonly string[] }
  | { readonly told: 'pushed'; readonly text: string; readonly epoch: string; readonly statuses: string }
  | { readonly told: 'count'; readonly name: string }
  | { readonly told: 'wrong'; readonly what: string };
