import { RoadbookError, toPlainError } from '../../shared/errors.ts';
import type { AppState } from '../../shared/ipc/session.ts';
import { mayOpenOlder } from '../../shared/rules/recovery.ts';
import type { SessionUser } from '../../shared/sync/wire.ts';
import { finishPlacing } from '../store/backup/place.ts';
import type { StoreApi } from '../store/contract.ts';
import { storeError } from '../store/engine/errors.ts';
import { values } from './context.ts';
import { Departure } from './departure.ts';
import { GoingBack } from './going-back.ts';
import { KeyCare } from './key-care.ts';
import type { Opener } from './keyring.ts';
import { OpenRecords } from './open-records.ts';
import { isBlocking, openKey, openOrContinue } from './opening.ts';
import { finishSetup, inspect, keepPrivate } from './profile.ts';
import { takeOverReplaced } from './restoring.ts';
import { Screen } from './screen.ts';
import { serial } from './serial.ts';
import type { OrderEvents, Running, SessionParts } from './session-parts.ts';
import { SetUp } from './set-up.ts';
import { signInAt } from './sign-in.ts';
import type { StoredSession } from './stored-session.ts';

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
  #user: SessionUser | null = null;
  #signedIn: StoredSession | null = null;
  readonly #screen: Screen;
  readonly #open: OpenRecords;
  readonly #goingBack: GoingBack;
  readonly #setUp: SetUp;
  readonly #departure: Departure;
  /** What a person may change about the keys while the records are open. */
  readonly keyCare: KeyCare;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#screen = new Screen(parts, (phase) => ({
      user: this.#user,
      server: this.#signedIn?.server ?? parts.suggestedServer,
      isOpen: this.#open.isRunning,
      leaving: this.#departure.isLeaving,
      wiped: phase === 'wiped' ? this.#departure.mark : null,
    }));
    const orders: OrderEvents = {
      ordered: (order) => this.#departure.ordered(order),
      drained: () => this.#departure.drained(),
    };
    this.#open = new OpenRecords(parts, orders, (user) => this.#became(user));
    const own = {
      open: this.#open,
      screen: this.#screen,
      exclusive: this.#exclusive,
      close: () => this.#close(),
    };
    this.#goingBack = new GoingBack(parts, {
      ...own,
      openWith: (key) => this.#openWithKey(key, 'unlock'),
    });
    this.#departure = new Departure(parts, {
      ...own,
      goingBack: this.#goingBack,
      signedIn: () => this.#signedIn,
    });
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
    return this.#screen.state();
  }

  /** Looks at the profile and decides what the first screen is. */
  async start(): Promise<AppState> {
    await keepPrivate(this.#parts.files, this.#parts.log);
    if (await this.#departure.resume()) return this.#screen.enter('wiped');
    try {
      await finishPlacing(this.#parts.files.store);
    } catch (error) {
      return this.#screen.block(storeError(error));
    }
    switch (inspect(this.#parts.files)) {
      case 'fresh':
        return this.#screen.enter('sign-in');
      case 'ready':
      case 'unfinished':
        return this.#screen.enterLocked();
      case 'no-keys':
        return this.#screen.block(new RoadbookError('store.key_missing'));
      case 'no-store':
        return this.#screen.block(new RoadbookError('store.missing'));
    }
  }

  /**
   * The question to the server is not part of the queue: a dead network must not hold up a lock.
   * @throws sync.bad_address, sync.offline, sync.client_too_old, auth.*, permission.tenant
   */
  async signIn(server: string, email: string, password: string): Promise<AppState> {
    this.#checkMaySignIn();
    const known = this.#open.isRunning ? await this.#open.session() : null;
    const ordered = known === null ? undefined : this.#departure.ordered;
    const session = await signInAt(this.#parts, { server, email, password }, known, ordered);
    return this.#exclusive(async () => {
      this.#checkMaySignIn();
      // Locked and opened, or set up, while the server was thinking: then the answer belongs to nothing any more.
      if ((known !== null) !== this.#open.isRunning) throw new RoadbookError('store.closed');
      this.#user = session.user;
      if (known !== null) {
        this.#signedIn = session;
        await this.running.signedInAgain(session);
        return this.#screen.enter(this.#screen.phase);
      }
      this.#signedIn = session;
      const { store } = this.#open;
      return store === null ? this.#screen.enter('passphrase') : this.#begin(store);
    });
  }

  #checkMaySignIn(): void {
    if (this.#screen.phase !== 'sign-in' && this.#screen.phase !== 'passphrase' && !this.#open.isRunning) {
      throw new RoadbookError('store.closed');
    }
  }

  /** @throws key.passphrase_short */
  createPassphrase(passphrase: string): Promise<{ recoveryCode: string }> {
    return this.#exclusive(async () => {
      if (this.#screen.phase !== 'passphrase' && this.#screen.phase !== 'recovery')
        throw new RoadbookError('store.closed');
      const made = await this.#setUp.makeKeys(passphrase);
      this.#screen.enter('recovery');
      return made;
    });
  }

  /** The person has the recovery code: keys and store are made. Nothing was on disk before. */
  confirmRecovery(): Promise<AppState> {
    return this.#exclusive(async () => {
      if (this.#screen.phase !== 'recovery' || this.#signedIn === null)
        throw new RoadbookError('store.closed');
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
          await this.#screen.enterLocked();
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
    return this.#screen.enter('first-sync');
  }

  /** @throws store.wrong_passphrase, store.wrong_recovery_code, key.too_many_tries; other failures block the start */
  unlock(opener: Opener): Promise<AppState> {
    return this.#exclusive(async () => {
      if (this.#screen.phase !== 'locked') throw new RoadbookError('store.closed');
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
      if (!mayOpenOlder(this.#screen.blockedBy)) {
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
      if (isBlocking(error)) return this.#screen.block(error);
      if (toPlainError(error).code === 'key.keychain_changed') this.#screen.keychainFailed();
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
      const preparing = (share: number) => this.#screen.prepare(share);
      const store = await openOrContinue(this.#parts, key, { acceptOlder, preparing });
      this.#open.hold(store, key);
      const restored = await takeOverReplaced(files, key, store, openAside, log);
      return await this.#continueWith(restored ?? event);
    } catch (error) {
      await this.#open.shut();
      return this.#screen.block(error);
    }
  }

  /** The store is open: whoever works here goes on. */
  async #continueWith(event: string): Promise<AppState> {
    const session = await this.#open.session();
    // The set-up was cut off before its first commit: the store is empty, the person signs in again.
    if (session === null) return this.#screen.enter('sign-in');
    if (inspect(this.#parts.files) === 'unfinished') await finishSetup(this.#parts.files);
    this.#signedIn = session;
    this.#user = session.user;
    await this.#open.begin(session);
    // The screen changes while the disk takes the entry.
    const noted = this.running.event(event);
    const state = this.#screen.enter(this.running.firstSyncDone ? 'ready' : 'first-sync');
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
      return this.#screen.enterLocked();
    });
  }

  /** @throws see GoingBack */
  restoreBackup(id: string): Promise<AppState> {
    return this.#goingBack.restore(id);
  }

  /** @throws see GoingBack */
  restoreInstead(id: string, passphrase: string): Promise<AppState> {
    return this.#goingBack.restoreInstead(id, passphrase);
  }

  startWorking(): Promise<AppState> {
    return this.#exclusive(async () => {
      await this.running.startWorking();
      return this.#screen.enter('ready');
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
      if (this.#screen.phase !== 'wiped') throw new RoadbookError('store.closed');
      await this.#departure.seen();
      return this.start();
    });
  }

  /** After a blocked start: looks again. */
  retry(): Promise<AppState> {
    return this.#exclusive(async () => (this.#screen.phase === 'blocked' ? this.start() : this.state()));
  }

  /** A window that was loaded anew has lost the recovery code that it showed: a new one is made. */
  windowReloaded(): void {
    this.keyCare.forget();
    if (this.#screen.phase !== 'recovery') return;
    this.#setUp.forget();
    this.#screen.enter('passphrase');
  }

  draftKey(): string {
    return this.#open.draftKey;
  }

  /** Before the process ends: everything that was said is on disk. */
  quit(): Promise<void> {
    this.#goingBack.interrupt();
    return this.#exclusive(async () => {
      await this.#departure.stop();
      await this.#close();
    });
  }

  /** Buttons follow the role that the server sees by now. */
  #became(user: SessionUser): void {
    if (this.#user === null) return;
    this.#user = user;
    if (this.#signedIn !== null) this.#signedIn = { ...this.#signedIn, user };
    this.#screen.tell();
  }

  async #close(): Promise<void> {
    this.#setUp.forget();
    this.keyCare.forget();
    this.#user = null;
    this.#signedIn = null;
    this.#departure.forget();
    await this.#open.shut();
  }
}
