/** What a history is made of. Every step carries its own chances, so that the others stay as they are without it. */
export type Step =
  /** Somebody does something on a device. */
  | { readonly do: 'act'; readonly device: number; readonly chance: number }
  /** The device begins to sync, unless it is at it. */
  | { readonly do: 'sync'; readonly device: number }
  | { readonly do: 'pass'; readonly millis: number }
  | { readonly do: 'cut'; readonly device: number; readonly way: 'both' | 'up' | 'down' }
  | { readonly do: 'mend'; readonly device: number }
  /** From here on messages of the device are lost, late, doubled or cut short with this probability. */
  | { readonly do: 'weather'; readonly device: number; readonly bad: number }
  /** A push that was sent before arrives again. */
  | { readonly do: 'echo'; readonly device: number; readonly chance: number }
  /** The device dies before or after its n-th call of the store from now. */
  | {
      readonly do: 'kill-device';
      readonly device: number;
      readonly calls: number;
      readonly when: 'before' | 'after';
    }
  /** The server dies with its n-th request from now: before it is looked at, in the middle, or before its answer leaves. */
  | {
      readonly do: 'kill-server';
      readonly requests: number;
      readonly when: 'before' | 'middle' | 'after';
      readonly millis: number;
    }
  /** Somebody does something at the n-th call that a sync makes to the store. */
  | { readonly do: 'act-amid'; readonly device: number; readonly calls: number; readonly chance: number }
  /** That many commits find the disk full. */
  | { readonly do: 'full'; readonly device: number; readonly commits: number }
  | { readonly do: 'skew'; readonly device: number; readonly millis: number }
  /** The server takes nothing for granted any more that this device's version speaks, or does again. */
  | { readonly do: 'outdate'; readonly device: number; readonly isOld: boolean }
  /** A later version of the server, or an import of one, writes a record with fields that nobody here knows. */
  | { readonly do: 'later-record'; readonly chance: number }
  | { readonly do: 'backup' }
  | { readonly do: 'restore' }
  | { readonly do: 'move'; readonly person: number; readonly chance: number }
  | { readonly do: 'role'; readonly person: number; readonly chance: number }
  | { readonly do: 'reach'; readonly chance: number }
  | { readonly do: 'tree'; readonly chance: number }
  /** An admin applies or dismisses what is held in quarantine. */
  | { readonly do: 'quarantine'; readonly chance: number };

export interface History {
  readonly seed: number;
  readonly steps: readonly Step[];
  /** What the history showed when it was kept. */
  readonly because?: string;
}

/** What a history met and did, by name. */
export type Counts = Record<string, number>;

export function count(counts: Counts, name: string, by = 1): void {
  counts[name] = (counts[name] ?? 0) + by;
}
