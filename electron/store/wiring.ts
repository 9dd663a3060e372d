import type { Channel } from './channel.ts';
import type { CollectionSpec, StoreApi, StoreEvent } from './contract.ts';
import type { Hub } from './hub.ts';

/** What RxDB's storage shares with the store that it lies over. */
export interface Wiring {
  readonly channel: Channel;
  readonly hub: Hub;
  readonly emit: (event: StoreEvent) => void;
  /** What the store was opened with. */
  readonly collections: readonly CollectionSpec[];
}

const wirings = new WeakMap<StoreApi, Wiring>();

export function wire(store: StoreApi, wiring: Wiring): void {
  wirings.set(store, wiring);
}

/** @throws TypeError for anything but a store from openStore() */
export function wiringOf(store: StoreApi): Wiring {
  const found = wirings.get(store);
  if (!found) throw new TypeError('not a store from openStore()');
  return found;
}
