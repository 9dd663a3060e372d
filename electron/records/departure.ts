import type { Order } from '../../shared/sync/orders.ts';
import type { GoingBack } from './going-back.ts';
import type { OpenRecords } from './open-records.ts';
import { readOrder } from './orders.ts';
import type { Screen } from './screen.ts';
import type { serial } from './serial.ts';
import type { OrderEvents, SessionParts } from './session-parts.ts';
import type { StoredSession } from './stored-session.ts';
import type { WipeMark } from './wipe.ts';
import { Wiping } from './wiping.ts';

/** What a departure needs of the session that it ends. */
export interface Departing {
  readonly open: OpenRecords;
  readonly screen: Screen;
  readonly exclusive: ReturnType<typeof serial>;
  readonly goingBack: Pick<GoingBack, 'interrupt'>;
  /** Who works here; null while the records are closed. */
  readonly signedIn: () => StoredSession | null;
  /** Forgets the keys and closes the store. */
  readonly close: () => Promise<void>;
}

/**
 * How a device leaves its company. It hears what it is ordered, checks that, sends what waits where it may, and wipes
 * itself. The keys go first, and the next start ends what a crash cut off.
 */
export class Departure implements OrderEvents {
  readonly #session: Departing;
  readonly #log: SessionParts['log'];
  readonly #clearWindow: () => void;
  readonly #wiping: Wiping;
  /** What this device was ordered to do and is about. */
  #order: Order | null = null;

  constructor(parts: SessionParts, session: Departing) {
    this.#session = session;
    this.#log = parts.log;
    this.#clearWindow = () => parts.clearWindow?.();
    this.#wiping = new Wiping(parts);
  }

  /** It sends what it holds, and is wiped after that. */
  get isLeaving(): boolean {
    return this.#order?.kind === 'leave';
  }

  /** What happened here, until the person has read it. */
  get mark(): WipeMark | null {
    return this.#wiping.mark;
  }

  /** Goes on with a wipe that a start finds. @returns whether it is still to be shown */
  async resume(): Promise<boolean> {
    const { mark } = this;
    if (mark === null) return false;
    if (!mark.cleared) await this.#finish();
    this.#wiping.tell();
    return !(mark.cleared && mark.seen);
  }

  /** Whatever came as an order; only one of this device's own company is followed. */
  readonly ordered = (given: unknown): void => {
    const { open, screen, signedIn } = this.#session;
    const session = signedIn();
    if (session === null || !open.isRunning) return;
    const read = readOrder(given, session);
    if ('ignored' in read) {
      this.#log.warn('order.ignored', { reason: read.ignored });
      return;
    }
    const { order } = read;
    const isNew = this.#order?.id !== order.id;
    if (isNew) this.#log.warn('order.heard', { order: order.id, kind: order.kind });
    if (order.kind === 'lost') {
      if (!isNew) return;
      this.#order = order;
      this.#noted(this.#wipe(order, session));
      return;
    }
    this.#order = order;
    open.running.leave();
    screen.tell();
  };

  /** Nothing waits on a device that leaves. What a person saved in the last moment is sent first. */
  readonly drained = (): void => {
    const { open, exclusive, signedIn } = this.#session;
    const work = exclusive(async () => {
      const [order, session] = [this.#order, signedIn()];
      if (order === null || session === null || !open.isRunning) return;
      if (await open.stopWhenEmpty()) await this.#wipeNow(order, session, 0);
      else open.running.leave();
    });
    this.#noted(work);
  };

  /** The records are closed: an order that was not carried out comes again with the next contact. */
  forget(): void {
    this.#order = null;
  }

  /** The person has read what happened. */
  seen(): Promise<void> {
    return this.#wiping.seen();
  }

  /** Resolves when nothing here writes into the profile any more. */
  stop(): Promise<void> {
    return this.#wiping.stop();
  }

  #wipe(order: Order, session: StoredSession): Promise<void> {
    const { goingBack, exclusive } = this.#session;
    goingBack.interrupt();
    return exclusive(() => this.#wipeNow(order, session));
  }

  /** @param unsent known already; otherwise counted once the key is gone */
  async #wipeNow(order: Order, session: StoredSession, unsent?: number): Promise<void> {
    const { open, screen, close } = this.#session;
    const { store } = open;
    // Locked meanwhile: the order comes again with the next contact.
    if (store === null) return;
    try {
      await this.#wiping.begin(order, session);
    } catch (error) {
      // What could not be removed is tried again below, and at the next start.
      this.#log.error('device.wipe_failed', error);
    }
    const waiting = unsent ?? (await store.outboxCount().catch(() => null));
    await close();
    // Neither key nor mark could be written: the disk takes nothing. The order comes again with the next contact.
    if (this.mark === null) {
      await screen.enterLocked();
      this.#clearWindow();
      return;
    }
    await this.#finish(waiting);
    screen.enter('wiped');
    this.#wiping.tell();
  }

  async #finish(unsent?: number | null): Promise<void> {
    try {
      await this.#wiping.finish(unsent);
    } catch (error) {
      // The mark stays: the next start goes on from here. The keys were the first to go.
      this.#log.error('device.wipe_failed', error);
    }
  }

  #noted(work: Promise<void>): void {
    work.catch((error: unknown) => this.#log.error('order.failed', error));
  }
}
