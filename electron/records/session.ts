import { hostname } from 'node:os';
import { type PlainError, RoadbookError, toPlainError } from '../../shared/errors.ts';
import type { AppState } from '../../shared/ipc/session.ts';
import { uuidv7 } from '../../shared/sync/ids.ts';
import type { SessionUser, SignInResponse } from '../../shared/sync/wire.ts';
import type { StoreApi } from '../store/contract.ts';
import { normaliseAddress } from '../sync/address.ts';
import { ServerApi } from '../sync/api.ts';
import { values } from './context.ts';
import type { NewKeys, Opener } from './keyring.ts';
import { clearUnfinished, finishSetup, inspect, readWaiting, setAsideUnfinished } from './profile.ts';
import { serial } from './serial.ts';
import type { Running, SessionParts } from './session-parts.ts';
import { type StoredSession, signedIn } from './stored-session.ts';

/** What is wrong with the key file itself: no other passphrase helps. */
const blocking = new Set<string>(['store.key_missing', 'store.key_damaged', 'store.newer_version']);

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
  #newKeys: NewKeys | null = null;
  #store: StoreApi | null = null;
  #running: Running | null = null;
  #draftKey: Uint8Array | null = null;
  #keychain = false;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** What is open now; throws store.closed while locked. */
  get running(): Running {
    if (this.#running === null) throw new RoadbookError('store.closed');
    return this.#running;
  }

  state(): AppState {
    const { files, suggestedServer, version } = this.#parts;
    const locked = this.#running === null;
    return {
      phase: this.#phase,
      error: this.#error,
      suggestedServer: this.#signedIn?.server ?? suggestedServer,
      user: this.#user,
      deviceName: hostname(),
      version,
      waiting: locked ? readWaiting(files) : null,
      keychain: this.#phase === 'locked' && this.#keychain,
    };
  }

  /** Looks at the profile and decides what the first screen is. */
  async start(): Promise<AppState> {
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

  /** @throws sync.bad_address, sync.offline, sync.client_too_old, auth.* */
  signIn(server: string, email: string, password: string): Promise<AppState> {
    return this.#exclusive(async () => {
      if (this.#phase !== 'sign-in' && this.#phase !== 'passphrase' && this.#running === null) {
        throw new RoadbookError('store.closed');
      }
      const { transport, now, random, version } = this.#parts;
      const address = normaliseAddress(server);
      const api = new ServerApi(address, transport);
      await api.hello();
      const known = this.#running === null ? null : await this.#storedSession();
      const device = known?.device ?? {
        id: uuidv7(now(), random),
        name: hostname().slice(0, 100) || 'Computer',
      };
      const answer = await api.signIn({
        email,
        password,
        device: { ...device, platform: process.platform, app: version },
      });
      const session = signedIn(address, device, answer, now());
      return this.#acceptSignIn(session, answer, known);
    });
  }

  async #acceptSignIn(session: StoredSession, answer: SignInResponse, known: StoredSession | null) {
    if (known !== null) {
      // These records are another person's or another company's: they are not to be mixed.
      if (known.user.id !== answer.user.id || known.user.tenant !== answer.user.tenant) {
        throw new RoadbookError('permission.tenant');
      }
      await this.running.signedInAgain(session);
      this.#user = answer.user;
      return this.#enter(this.#phase);
    }
    this.#signedIn = session;
    this.#user = answer.user;
    return this.#store === null ? this.#enter('passphrase') : this.#begin(this.#store);
  }

  /** @throws key.passphrase_short */
  createPassphrase(passphrase: string): Promise<{ recoveryCode: string }> {
    return this.#exclusive(async () => {
      if (this.#phase !== 'passphrase' && this.#phase !== 'recovery') throw new RoadbookError('store.closed');
      const made = await this.#parts.keys.make(passphrase);
      this.#newKeys?.dataKey.fill(0);
      this.#newKeys = made;
      this.#enter('recovery');
      return { recoveryCode: made.recoveryCode };
    });
  }

  /** The person has the recovery code: keys and store are made. Nothing was on disk before. */
  confirmRecovery(): Promise<AppState> {
    return this.#exclusive(async () => {
      const { files, openStore } = this.#parts;
      const made = this.#newKeys;
      const session = this.#signedIn;
      if (this.#phase !== 'recovery' || made === null || session === null)
        throw new RoadbookError('store.closed');
      // What an earlier try began; without finished keys it holds no records.
      await clearUnfinished(files);
      await made.save(files.setupKeys);
      const store = await openStore(made.dataKey, true);
      this.#draftKey = this.#parts.keys.derive(made.dataKey, 'drafts');
      try {
        const state = await this.#begin(store);
        made.dataKey.fill(0);
        this.#newKeys = null;
        return state;
      } catch (error) {
        await this.#shut(store);
        // Before the set-up was finished the keys are still in memory and the person can try again; after it the
        // records are there and wait for their passphrase.
        if (inspect(files) === 'ready') await this.#enterLocked();
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
    await this.#goLive(store, session);
    await this.running.event('sign-in');
    return this.#enter('first-sync');
  }

  /** @throws store.wrong_passphrase, store.wrong_recovery_code, key.too_many_tries; other failures block the start */
  unlock(opener: Opener): Promise<AppState> {
    return this.#exclusive(async () => {
      if (this.#phase !== 'locked') throw new RoadbookError('store.closed');
      const key = await this.#openKey(opener);
      if (key === null) return this.state();
      try {
        this.#draftKey = this.#parts.keys.derive(key, 'drafts');
        return await this.#openExisting(key);
      } catch (error) {
        await this.#shut(this.#store);
        return this.#block(error);
      } finally {
        key.fill(0);
      }
    });
  }

  async #openKey(opener: Opener): Promise<Uint8Array | null> {
    this.#parts.expectStore?.();
    try {
      return await this.#parts.keys.open(this.#keyFile(), opener);
    } catch (error) {
      if (!blocking.has(toPlainError(error).code)) throw error;
      this.#block(error);
      return null;
    }
  }

  async #openExisting(key: Uint8Array): Promise<AppState> {
    const store = await this.#openOrContinue(key);
    this.#store = store;
    const session = (await store.value(values.session)) as StoredSession | undefined;
    if (session === undefined || session === null) {
      // The set-up was cut off before its first commit: the store is empty, the person signs in again.
      return this.#enter('sign-in');
    }
    if (inspect(this.#parts.files) === 'unfinished') await finishSetup(this.#parts.files);
    this.#signedIn = session;
    this.#user = session.user;
    await this.#goLive(store, session);
    await this.running.event('unlock');
    return this.#enter(this.running.firstSyncDone ? 'ready' : 'first-sync');
  }

  /** Opens the store; one that a cut-off set-up only began is made anew with the same key. */
  async #openOrContinue(key: Uint8Array): Promise<StoreApi> {
    const { files, openStore } = this.#parts;
    const unfinished = inspect(files) === 'unfinished';
    try {
      return await openStore(key, false);
    } catch (error) {
      const { code } = toPlainError(error);
      if (!unfinished || code === 'store.locked' || code === 'store.in_use') throw error;
      await setAsideUnfinished(files);
      return await openStore(key, true);
    }
  }

  async #goLive(store: StoreApi, session: StoredSession): Promise<void> {
    this.#store = store;
    this.#running = await this.#parts.run(store, session);
  }

  /** Zeroes the keys and closes the store. The window must be loaded anew, so that it holds nothing either. */
  lock(): Promise<AppState> {
    return this.#exclusive(async () => {
      if (this.#running === null) throw new RoadbookError('store.closed');
      await this.running.event('lock');
      await this.#close();
      return this.#enterLocked();
    });
  }

  startWorking(): Promise<AppState> {
    return this.#exclusive(async () => {
      await this.running.startWorking();
      return this.#enter('ready');
    });
  }

  /** After a blocked start: looks again. */
  retry(): Promise<AppState> {
    return this.#exclusive(async () => (this.#phase === 'blocked' ? this.start() : this.state()));
  }

  /** A window that was loaded anew has lost the recovery code that it showed: a new one is made. */
  windowReloaded(): void {
    if (this.#phase === 'recovery') this.#enter('passphrase');
  }

  draftKey(): string {
    if (this.#draftKey === null || this.#running === null) throw new RoadbookError('store.closed');
    return Buffer.from(this.#draftKey).toString('base64');
  }

  /** Before the process ends: everything that was said is on disk. */
  quit(): Promise<void> {
    return this.#exclusive(() => this.#close());
  }

  async #close(): Promise<void> {
    this.#newKeys?.dataKey.fill(0);
    this.#newKeys = null;
    this.#user = null;
    this.#signedIn = null;
    await this.#shut(this.#store);
  }

  /** Ends what works on the store and closes it; what fails on the way does not keep the key in memory. */
  async #shut(store: StoreApi | null): Promise<void> {
    const running = this.#running;
    this.#running = null;
    this.#store = null;
    this.#forgetDraftKey();
    try {
      await running?.stop();
      await store?.close();
    } catch (error) {
      this.#parts.log.error('session.close_failed', error);
    }
  }

  #forgetDraftKey(): void {
    this.#draftKey?.fill(0);
    this.#draftKey = null;
  }

  async #storedSession(): Promise<StoredSession | null> {
    return ((await this.#store?.value(values.session)) as StoredSession | undefined) ?? null;
  }

  #keyFile(): string {
    const { files } = this.#parts;
    return inspect(files) === 'unfinished' ? files.setupKeys : files.keys;
  }

  async #enterLocked(): Promise<AppState> {
    this.#keychain = await this.#parts.keys.hasKeychain(this.#keyFile());
    return this.#enter('locked');
  }

  #block(error: unknown): AppState {
    this.#error = toPlainError(error);
    this.#parts.log.error('session.blocked', error, { code: this.#error.code });
    return this.#enter('blocked', this.#error);
  }

  #enter(phase: AppState['phase'], error: PlainError | null = null): AppState {
    this.#phase = phase;
    this.#error = error;
    const state = this.state();
    this.#parts.changed(state);
    return state;
  }
}
