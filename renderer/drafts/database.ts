import Dexie, { type Table } from 'dexie';

/** What the disk sees of a draft: a keyed hash, a time in ms since 1970, and ciphertext. */
export interface StoredDraft {
  slot: string;
  at: number;
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

/** The drafts' own small database, apart from the records: it must take a keystroke at any time, even mid-sync. */
export class DraftDatabase extends Dexie {
  readonly drafts: Table<StoredDraft, string>;

  constructor(name = 'roadbook-drafts') {
    // Strict: a draft counts as saved when it is on the disk, because a crash is what it is for.
    super(name, { chromeTransactionDurability: 'strict' });
    this.version(1).stores({ drafts: 'slot, at' });
    this.drafts = this.table('drafts');
  }
}
