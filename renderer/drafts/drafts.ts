import type { DraftDatabase } from './database.ts';
import type { Vault } from './vault.ts';

/** What a person typed into one form and has neither saved nor thrown away. */
export interface Draft {
  /** `create:deals`, `edit:deals:<id>:closeDate`, `note:deals:<id>`. */
  readonly identity: string;
  /** ms since 1970 */
  readonly at: number;
  readonly payload: unknown;
}

/** Longest time between a keystroke and its draft on the disk; the promise to people is 300 ms. */
export const SAVE_AFTER_MS = 150;

/** The record that a form changes, or writes a note about. */
export interface DraftRecord {
  readonly collection: string;
  readonly id: string;
}

/** Null for forms of new records. */
function recordOf(identity: string): DraftRecord | null {
  const [kind, collection = '', id = ''] = identity.split(':');
  return (kind === 'edit' || kind === 'note') && id !== '' ? { collection, id } : null;
}

interface Options {
  readonly database: DraftDatabase;
  readonly vault: Vault;
  readonly now?: () => number;
  /** Calls back after so many ms; answers with the way to stop it. */
  readonly after?: (ms: number, act: () => void) => () => void;
}

function afterTimeout(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}

/**
 * Keeps unfinished forms through a crash. `note` may be called on every keystroke: the newest input of each form is
 * written at most `SAVE_AFTER_MS` after the first unsaved one, never later because typing goes on.
 */
export class Drafts {
  readonly #database: DraftDatabase;
  readonly #vault: Vault;
  readonly #now: () => number;
  readonly #after: NonNullable<Options['after']>;
  readonly #pending = new Map<string, { payload: unknown; stop: () => void }>();
  /** Work on one form runs in order, so that a removal is never overtaken by the write before it. */
  readonly #tails = new Map<string, Promise<void>>();
  /** Records that have left this device: a form of one that is still open keeps nothing more. */
  readonly #gone = new Set<string>();
  /** Slots on the disk. A record page asks for a draft of each of its fields, and nearly always there is none. */
  #slots: Promise<Set<string>> | null = null;

  constructor({ database, vault, now = Date.now, after = afterTimeout }: Options) {
    this.#database = database;
    this.#vault = vault;
    this.#now = now;
    this.#after = after;
  }

  note(identity: string, payload: unknown): void {
    const record = recordOf(identity);
    if (record !== null && this.#gone.has(record.id)) return;
    const waiting = this.#pending.get(identity);
    if (waiting !== undefined) {
      waiting.payload = payload;
      return;
    }
    const stop = this.#after(SAVE_AFTER_MS, () => this.#writePending(identity));
    this.#pending.set(identity, { payload, stop });
  }

  /** The form was saved or cancelled. */
  async drop(identity: string): Promise<void> {
    const waiting = this.#pending.get(identity);
    waiting?.stop();
    this.#pending.delete(identity);
    await this.#inOrder(identity, async () => {
      const [slot, slots] = await Promise.all([this.#vault.slot(identity), this.#known()]);
      if (slots.delete(slot)) await this.#database.drafts.delete(slot);
    });
  }

  /** Records that drafts are for, each once. */
  async records(): Promise<DraftRecord[]> {
    await this.flush();
    const found = (await this.list()).flatMap(({ identity }) => recordOf(identity) ?? []);
    return [...new Map(found.map((record) => [record.id, record])).values()];
  }

  /** These records have left this device: what was typed into their forms goes too. */
  async forget(records: readonly DraftRecord[]): Promise<void> {
    const ids = new Set(records.map(({ id }) => id));
    for (const id of ids) this.#gone.add(id);
    const kept = [...(await this.list()).map(({ identity }) => identity), ...this.#pending.keys()];
    const gone = kept.filter((identity) => ids.has(recordOf(identity)?.id ?? ''));
    await Promise.all(gone.map((identity) => this.drop(identity)));
  }

  async load(identity: string): Promise<Draft | null> {
    // A form opens: its record is here (again).
    this.#gone.delete(recordOf(identity)?.id ?? '');
    await this.#tails.get(identity);
    const [slot, slots] = await Promise.all([this.#vault.slot(identity), this.#known()]);
    const stored = slots.has(slot) ? await this.#database.drafts.get(slot) : undefined;
    return stored === undefined ? null : await this.#read(slot, stored);
  }

  /** Every draft that this key opens, newest first. Those of another key stay where they are, unread. */
  async list(): Promise<Draft[]> {
    const stored = await this.#database.drafts.orderBy('at').reverse().toArray();
    const drafts = await Promise.all(stored.map((entry) => this.#read(entry.slot, entry)));
    return drafts.filter((draft) => draft !== null);
  }

  /** Writes at once what still waits: before the window locks or goes away. */
  async flush(): Promise<void> {
    for (const [identity, { stop }] of this.#pending) {
      stop();
      this.#writePending(identity);
    }
    await Promise.all(this.#tails.values());
  }

  #known(): Promise<Set<string>> {
    if (this.#slots !== null) return this.#slots;
    const reading = this.#database.drafts
      .toCollection()
      .primaryKeys()
      .then((slots) => new Set(slots));
    this.#slots = reading;
    // What could not be read now may be readable the next time.
    reading.catch(() => {
      this.#slots = null;
    });
    return reading;
  }

  #writePending(identity: string): void {
    const waiting = this.#pending.get(identity);
    if (waiting === undefined) return;
    this.#pending.delete(identity);
    const at = this.#now();
    void this.#inOrder(identity, async () => {
      const slot = await this.#vault.slot(identity);
      const sealed = await this.#vault.seal(slot, JSON.stringify({ identity, payload: waiting.payload }));
      await this.#database.drafts.put({ slot, at, ...sealed });
      (await this.#known()).add(slot);
    });
  }

  async #read(slot: string, stored: { at: number; iv: Uint8Array<ArrayBuffer>; data: ArrayBuffer }) {
    try {
      const { identity, payload } = JSON.parse(await this.#vault.open(slot, stored)) as Omit<Draft, 'at'>;
      return { identity, payload, at: stored.at };
    } catch (error) {
      console.warn('A draft could not be opened and was left where it is.', (error as Error).name);
      return null;
    }
  }

  #inOrder(identity: string, work: () => Promise<void>): Promise<void> {
    const tail = (this.#tails.get(identity) ?? Promise.resolve()).then(work).catch((error: Error) => {
      // A full disk must not take the form away from under the person: the form itself still holds the input.
      console.error('A draft could not be kept.', error.name);
    });
    this.#tails.set(identity, tail);
    void tail.then(() => {
      if (this.#tails.get(identity) === tail) this.#tails.delete(identity);
    });
    return tail;
  }
}
