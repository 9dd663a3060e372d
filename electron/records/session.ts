import { type PlainError, RoadbookError, toPlainError } from '../../shared/errors.ts';
import type { AppState } from '../../shared/ipc/session.ts';
import { backupMayReplace, mayOpenOlder } from '../../shared/rules/recovery.ts';
import type { Order } from '../../shared/sync/orders.ts';
import type { SessionUser } from '../../shared/sync/wire.ts';
import { finishPlacing } from '../store/backup/place.ts';
import type { StoreApi } from '../store/contract.ts';
import { storeError } from '../store/engine/errors.ts';
import { appState } from './app-state.ts';
import { values } from './context.ts';
import { GoingBack } from './going-back.ts';
import { KeyCare } from './key-care.ts';
import type { KeychainState, Opener } from './keyring.ts';
import { OpenRecords } from './open-records.ts';
import { isBlocking, keyFile, openKey, openOrContinue } from './opening.ts';
import { readOrder } from './orders.ts';
import { finishSetup, inspect } from './profile.ts';
import { takeOverReplaced } from './restoring.ts';
import { serial } from './serial.ts';
import type { Running, SessionParts } from './session-parts.ts';
import { SetUp } from './set-up.ts';
import { signInAt } from './sign-in.ts';
import type { StoredSession } from './stored-session.ts';
import { Wiping } from './wiping.ts';

/**
 * Who works here and whether the records are open. One act at a time: a second click waits for the first.
 *
 * Set-up: sign-in and keys stay in memory until the person has confirmed the recovery code. Then, in this order:
 * the wrapped key (keys.setup.json), the store, the session inside it, and last the rename to keys.json. Death before
 * the first step leaves nothing; death after it leaves a set-up that the same passphrase continues.
 */
export class Session {
  readonly #parts: SessionParts;
  readonly #exclusive = serial();
  #phase: AppState['phase'] = 'sign-in';
  #error: PlainError | null = null;
  #user: SessionUser | null = null;
  #signedIn: StoredSession | null = null;
  readonly #open: OpenRecords;
  readonly #goingBack: GoingBack;
  readonly #setUp: SetUp;
  readonly #wiping: Wiping;
  #preparing: number | null = null;
  /** What this device was ordered to do and is about. */
  #order: Order | null = null;
  #keychain: KeychainState = { state: 'none', was: '', now: '' };
  /** What a person may change about the keys while the records are open. */
  readonly keyCare: KeyCare;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    const orders = { ordered: (order: unknown) => this.#ordered(order), drained: () => this.#drained() };
    this.#open = new OpenRecords(parts, orders, (user) => this.#became(user));
    this.#wiping = new Wiping(parts);
    this.#goingBack = new GoingBack(parts);
    this.#setUp = new SetUp(parts);
    this.keyCare = new KeyCare(parts, this.#open, this.#exclusive);
  }

  /** What is open now; throws store.closed while locked. */
  get running(): Running {
    return this.#open.running;
  }

  /** There is something to lock. A first sync that is cut off by it goes on after the next opening. */
  get isOpen(): boolean {
    return this.#open.isRunning;
  }

  state(): AppState {
    return appState(this.#parts, {
      phase: this.#phase,
      error: this.#error,
      user: this.#user,
      server: this.#signedIn?.server ?? this.#parts.suggestedServer,
      keychain: this.#keychain,
      isOpen: this.#open.isRunning,
      preparing: this.#preparing,
      leaving: this.#order?.kind === 'leave',
      wiped: this.#phase === 'wiped' ? this.#wiping.mark : null,
    });
  }

  /** Looks at the profile and decides what the first screen is. */
  async start(): Promise<AppState> {
    const mark = this.#wiping.mark;
    if (mark !== null) this.#wiping.tell();
    if (mark !== null && !(mark.cleared && mark.seen)) {
      if (!mark.cleared) await this.#finishWiping();
      return this.#enter('wiped');
    }
    try {
      await finishPlacing(this.#parts.files.store);
    } catch (error) {
      return this.#block(storeError(error));
    }
    switch (inspect(this.#parts.files)) {
      case 'fresh':
        return this.#enter('sign-in');
      case 'ready':
      case 'unfinished':
        return this.#enterLocked();
      case 'no-keys':
        return this.#block(new RoadbookError('store.key_missing'));
      case 'no-store':
        return this.#block(new RoadbookError('store.missing'));
    }
  }

  /** @throws sync.bad_address, sync.offline, sync.client_too_old, auth.*, permission.tenant */
  signIn(server: string, email: string, password: string): Promise<AppState> {
    return this.#signIn({ server, email, password });
  }

  /** The question to the server is not part of the queue: a dead network must not hold up a lock. */
  async #signIn(person: { server: string; email: string; password: string }): Promise<AppState> {
    this.#checkMaySignIn();
    const known = this.#open.isRunning ? await this.#open.session() : null;
    const ordered = known === null ? undefined : (order: unknown) => this.#ordered(order);
    const session = await signInAt(this.#parts, person, known, ordered);
    return this.#exclusive(async () => {
      this.#checkMaySignIn();
      // Locked and opened, or set up, while the server was thinking: then the answer belongs to nothing any more.
      if ((known !== null) !== this.#open.isRunning) throw new RoadbookError('store.closed');
      this.#user = session.user;
      if (known !== null) {
        this.#signedIn = session;
        await this.running.signedInAgain(session);
        return this.#enter(this.#phase);
      }
      this.#signedIn = session;
      const { store } = this.#open;
      return store === null ? this.#enter('passphrase') : this.#begin(store);
    });
  }

  #checkMaySignIn(): void {
    if (this.#phase !== 'sign-in' && this.#phase !== 'passphrase' && !this.#open.isRunning) {
      throw new RoadbookError('store.closed');
    }
  }

  /** @throws key.passphrase_short */
  createPassphrase(passphrase: string): Promise<{ recoveryCode: string }> {
    return this.#exclusive(async () => {
      if (this.#phase !== 'passphrase' && this.#phase !== 'recovery') throw new RoadbookError('store.closed');
      const made = await this.#setUp.makeKeys(passphrase);
      this.#enter('recovery');
      return made;
    });
  }

  /** The person has the recovery code: keys and store are made. Nothing was on disk before. */
  confirmRecovery(): Promise<AppState> {
    return this.#exclusive(async () => {
      if (this.#phase !== 'recovery' || this.#signedIn === null) throw new RoadbookError('store.closed');
      const { store, dataKey } = await this.#setUp.makeStore();
      this.#open.hold(store, dataKey);
      try {
        const state = await this.#begin(store);
        this.#setUp.forget();
        return state;
      } catch (error) {
        await this.#open.shut();
        // Before the set-up was finished the keys are still in memory and the person can try again; after it the
        // records are there and wait for their passphrase.
        if (inspect(this.#parts.files) === 'ready') {
          this.#setUp.forget();
          await this.#enterLocked();
        }
        throw error;
      }
    });
  }

  /** The first commit of a new store: who works here. Then the set-up is finished, then sync begins. */
  async #begin(store: StoreApi): Promise<AppState> {
    const session = this.#signedIn;
    if (session === null) throw new RoadbookError('store.closed');
    await store.commit({ values: { [values.session]: session } });
    if (inspect(this.#parts.files) === 'unfinished') await finishSetup(this.#parts.files);
    await this.#open.begin(session);
    await this.running.event('sign-in');
    return this.#enter('first-sync');
  }

  /** @throws store.wrong_passphrase, store.wrong_recovery_code, key.too_many_tries; other failures block the start */
  unlock(opener: Opener): Promise<AppState> {
    return this.#exclusive(async () => {
      if (this.#phase !== 'locked') throw new RoadbookError('store.closed');
      return this.#openWith(opener, 'unlock');
    });
  }

  /**
   * Opens records that are older than they were: a person has read what that means and types the passphrase again.
   * Only from the screen that says so; the history keeps that it was done.
   * @throws store.closed elsewhere; otherwise as unlock()
   */
  openOlder(passphrase: string): Promise<AppState> {
    return this.#exclusive(async () => {
      if (this.#phase !== 'blocked' || !mayOpenOlder(this.#error?.code ?? '')) {
        throw new RoadbookError('store.closed');
      }
      return this.#openWith({ passphrase }, 'open-older');
    });
  }

  async #openWith(opener: Opener, event: 'unlock' | 'open-older'): Promise<AppState> {
    let key: Uint8Array;
    try {
      key = await openKey(this.#parts, opener);
    } catch (error) {
      if (isBlocking(error)) return this.#block(error);
      if (toPlainError(error).code === 'key.keychain_changed') this.#keychainFailed();
      throw error;
    }
    try {
      return await this.#openWithKey(key, event);
    } finally {
      key.fill(0);
    }
  }

  async #openWithKey(key: Uint8Array, event: 'unlock' | 'open-older'): Promise<AppState> {
    const { files, openAside, log } = this.#parts;
    try {
      const acceptOlder = event === 'open-older';
      const preparing = (share: number) => this.#prepare(share);
      const store = await openOrContinue(this.#parts, key, { acceptOlder, preparing });
      this.#open.hold(store, key);
      const restored = await takeOverReplaced(files, key, store, openAside, log);
      return await this.#continueWith(restored ?? event);
    } catch (error) {
      await this.#open.shut();
      return this.#block(error);
    }
  }

  /** The screen stays what it is, and says how far this is: it would look frozen otherwise. */
  #prepare(share: number): void {
    this.#preparing = share;
    this.#parts.changed(this.state());
  }

  /** The store is open: whoever works here goes on. */
  async #continueWith(event: string): Promise<AppState> {
    const session = await this.#open.session();
    // The set-up was cut off before its first commit: the store is empty, the person signs in again.
    if (session === null) return this.#enter('sign-in');
    if (inspect(this.#parts.files) === 'unfinished') await finishSetup(this.#parts.files);
    this.#signedIn = session;
    this.#user = session.user;
    await this.#open.begin(session);
    // The screen changes while the disk takes the entry.
    const noted = this.running.event(event);
    const state = this.#enter(this.running.firstSyncDone ? 'ready' : 'first-sync');
    await noted;
    return state;
  }

  /**
   * Zeroes the keys and closes the store; a backup that is being made or read is given up for it. The window must be
   * loaded anew, so that it holds nothing either.
   */
  lock(): Promise<AppState> {
    this.#goingBack.interrupt();
    return this.#exclusive(async () => {
      await this.running.event('lock');
      await this.#close();
      return this.#enterLocked();
    });
  }

  /**
   * Goes back to a backup. The records are locked afterwards; what waits in the present ones is taken over when they
   * are opened again, and they become a backup themselves.
   * @throws backup.missing, store.damaged and others, store.disk_full, store.closed when somebody locked meanwhile: then
   * everything is as before
   */
  restoreBackup(id: string): Promise<AppState> {
    return this.#goingBack.reading((signal) =>
      this.#exclusive(async () => {
        const backup = await this.running.verifiedBackup(id, signal);
        await this.#close();
        try {
          await this.#goingBack.place(backup);
        } finally {
          await this.#enterLocked();
        }
        return this.state();
      }),
    );
  }

  /**
   * The same where the records cannot be opened: the passphrase opens the key, which opens the backup.
   * @throws store.closed elsewhere; store.wrong_passphrase, key.too_many_tries, and those of restoreBackup()
   */
  restoreInstead(id: string, passphrase: string): Promise<AppState> {
    return this.#goingBack.reading((signal) =>
      this.#exclusive(async () => {
        if (this.#phase !== 'blocked' || !backupMayReplace(this.#error?.code ?? '')) {
          throw new RoadbookError('store.closed');
        }
        const key = await openKey(this.#parts, { passphrase });
        try {
          const backups = this.#parts.backups(key);
          const backup = await backups.get(id);
          await backups.verify(backup, signal);
          await this.#goingBack.place(backup);
          return await this.#openWithKey(key, 'unlock');
        } finally {
          key.fill(0);
        }
      }),
    );
  }

  startWorking(): Promise<AppState> {
    return this.#exclusive(async () => {
      await this.running.startWorking();
      return this.#enter('ready');
    });
  }

  /**
   * The person leaves the company on this device: what waits is sent, then the device is wiped.
   * @throws store.closed, sync.offline, auth.*
   */
  async leave(): Promise<AppState> {
    await this.running.askToLeave();
    return this.state();
  }

  /** After a wipe: the person has read what happened, and may set this device up again. */
  setUpAgain(): Promise<AppState> {
    return this.#exclusive(async () => {
      if (this.#phase !== 'wiped') throw new RoadbookError('store.closed');
      await this.#wiping.seen();
      return this.start();
    });
  }

  /** Whatever came as an order; only one of this device's own company is followed. */
  #ordered(given: unknown): void {
    const session = this.#signedIn;
    if (session === null || !this.#open.isRunning) return;
    const read = readOrder(given, session);
    if ('ignored' in read) {
      this.#parts.log.warn('order.ignored', { reason: read.ignored });
      return;
    }
    const { order } = read;
    if (this.#order?.id !== order.id)
      this.#parts.log.warn('order.heard', { order: order.id, kind: order.kind });
    if (order.kind === 'lost') {
      if (this.#order?.id === order.id) return;
      this.#order = order;
      this.#noted(this.#wipe(order, session));
      return;
    }
    this.#order = order;
    this.running.leave();
    this.#parts.changed(this.state());
  }

  /** Nothing waits on a device that leaves. What a person saved in the last moment is sent first. */
  #drained(): void {
    const work = this.#exclusive(async () => {
      const [order, session] = [this.#order, this.#signedIn];
      if (order === null || session === null || !this.#open.isRunning) return;
      if (await this.#open.stopWhenEmpty()) await this.#wipeNow(order, session, 0);
      else this.running.leave();
    });
    this.#noted(work);
  }

  #wipe(order: Order, session: StoredSession): Promise<void> {
    this.#goingBack.interrupt();
    return this.#exclusive(() => this.#wipeNow(order, session));
  }

  /** @param unsent known already; otherwise counted once the key is gone */
  async #wipeNow(order: Order, session: StoredSession, unsent?: number): Promise<void> {
    const { store } = this.#open;
    const { log } = this.#parts;
    // Locked meanwhile: the order comes again with the next contact.
    if (store === null) return;
    try {
      await this.#wiping.begin(order, session);
    } catch (error) {
      // What could not be removed is tried again below, and at the next start.
      log.error('device.wipe_failed', error);
    }
    const waiting = unsent ?? (await store.outboxCount().catch(() => null));
    await this.#close();
    // Neither key nor mark could be written: the disk takes nothing. The order comes again with the next contact.
    if (this.#wiping.mark === null) {
      await this.#enterLocked();
      return;
    }
    await this.#finishWiping(waiting);
    this.#enter('wiped');
    this.#wiping.tell();
  }

  async #finishWiping(unsent?: number | null): Promise<void> {
    try {
      await this.#wiping.finish(unsent);
    } catch (error) {
      // The mark stays: the next start goes on from here. The keys were the first to go.
      this.#parts.log.error('device.wipe_failed', error);
    }
  }

  #noted(work: Promise<void>): void {
    work.catch((error: unknown) => this.#parts.log.error('order.failed', error));
  }

  /** After a blocked start: looks again. */
  retry(): Promise<AppState> {
    return this.#exclusive(async () => (this.#phase === 'blocked' ? this.start() : this.state()));
  }

  /** A window that was loaded anew has lost the recovery code that it showed: a new one is made. */
  windowReloaded(): void {
    this.keyCare.forget();
    if (this.#phase !== 'recovery') return;
    this.#setUp.forget();
    this.#enter('passphrase');
  }

  draftKey(): string {
    return this.#open.draftKey;
  }

  /** Before the process ends: everything that was said is on disk. */
  quit(): Promise<void> {
    this.#goingBack.interrupt();
    return this.#exclusive(async () => {
      await this.#wiping.stop();
      await this.#close();
    });
  }

  /** Buttons follow the role that the server sees by now. */
  #became(user: SessionUser): void {
    if (this.#user === null) return;
    this.#user = user;
    if (this.#signedIn !== null) this.#signedIn = { ...this.#signedIn, user };
    this.#parts.changed(this.state());
  }

  async #close(): Promise<void> {
    this.#setUp.forget();
    this.keyCare.forget();
    this.#user = null;
    this.#signedIn = null;
    this.#order = null;
    await this.#open.shut();
  }

  async #enterLocked(): Promise<AppState> {
    this.#keychain = await this.#parts.keys.keychain(keyFile(this.#parts.files));
    return this.#enter('locked');
  }

  /** It is there and does not have our key any more: it was emptied, or belongs to somebody else. */
  #keychainFailed(): void {
    if (this.#keychain.state !== 'ready') return;
    this.#keychain = { ...this.#keychain, state: 'changed' };
    this.#enter('locked');
  }

  #block(error: unknown): AppState {
    this.#error = toPlainError(error);
    this.#parts.log.error('session.blocked', error, { code: this.#error.code });
    return this.#enter('blocked', this.#error);
  }

  #enter(phase: AppState['phase'], error: PlainError | null = null): AppState {
    this.#phase = phase;
    this.#error = error;
    this.#preparing = null;
    const state = this.state();
    this.#parts.changed(state);
    return state;
  }
}
