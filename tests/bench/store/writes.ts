import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { nextRevision } from '../../../electron/records/rows.ts';
import type { HistoryWrite, OutboxWrite, StoredDoc } from '../../../electron/store/contract.ts';
import type { Envelope } from '../../../electron/store/envelope.ts';
import type { Store } from '../../../electron/store/open.ts';
import { type Bed, openOurs, openRx, settled } from '../lib/bed.ts';
import type { Report, Target } from '../lib/figure.ts';
import { interleaved, median, percentile, sampled, timed } from '../lib/measure.ts';
import type { RawStore } from '../lib/raw-store.ts';

/** Through RxDB, the way to the store's thread and back included. */
const WANTED = { of: 'ratio', atLeast: 0.7 } as const;

/** How a bulk of new contacts reaches the disk; answers with the milliseconds it took. */
type Way = (store: Store, bed: Bed) => Promise<number>;
type End = (store: Store) => Promise<void>;

const atOnce: End = async () => undefined;

const throughCommit =
  (search: 'now' | 'behind', end: End): Way =>
  (store, bed) =>
    timed(async () => {
      for (const docs of bed.batches()) {
        const rows = docs.map((doc) => ({ collection: 'contacts', doc, previous: undefined }));
        await store.commit({ rows, search });
      }
      await end(store);
    });

const throughRxdb =
  (end: End): Way =>
  async (store, bed) => {
    const { contacts, close } = await openRx(store);
    // RxDB adds these itself, and a bare document is what an application has.
    const bare = [...bed.batches()].map((docs) =>
      docs.map(({ _deleted, _rev, _meta, _attachments, ...doc }) => doc as unknown as Envelope),
    );
    const millis = await timed(async () => {
      for (const docs of bare) {
        const { error } = await contacts.bulkInsert(docs);
        if (error.length > 0) throw new Error(`${error.length} contacts were refused.`);
      }
      await end(store);
    });
    await close();
    return millis;
  };

/**
 * Rows a second of bulk writes in transactions of 500. Whole: until the last word and the last column index is there,
 * against raw SQLite that does as much. Rows: until the rows are on the disk, the rest is still to be made.
 */
export async function bulkWrites(bed: Bed, report: Report, runs: number): Promise<void> {
  const ways: { name: string; whole: boolean; way: Way }[] = [
    { name: 'store.bulk_write.commit', whole: true, way: throughCommit('now', settled) },
    { name: 'store.bulk_write.rxdb', whole: true, way: throughRxdb(settled) },
    { name: 'store.bulk_write.commit_rows', whole: false, way: throughCommit('behind', atOnce) },
    { name: 'store.bulk_write.rxdb_rows', whole: false, way: throughRxdb(atOnce) },
  ];
  for (const { name, whole, way } of ways) {
    const { ours, theirs } = await interleaved(
      runs,
      async () => {
        const file = bed.file();
        const store = await openOurs(file, bed.key, true);
        const millis = await way(store, bed);
        await store.close();
        remove(file);
        return millis;
      },
      async () => {
        const file = bed.file();
        const raw = await bed.openRaw(file, true);
        const millis = await timed(() => fill(raw, bed, whole));
        raw.close();
        remove(file);
        return millis;
      },
    );
    const perSecond = (samples: readonly number[]) => (bed.docs.length / median(samples)) * 1000;
    report.add(
      {
        name,
        value: perSecond(ours),
        unit: 'rows/s',
        better: 'higher',
        yardstick: perSecond(theirs),
        yardstickName: whole ? 'raw aegis: rows, words, parts, column indexes' : 'raw aegis: rows',
        runs,
      },
      WANTED,
    );
  }
}

/** Rows alone, or with words and the column indexes at the end. */
function fill(raw: RawStore, bed: Bed, whole: boolean): void {
  for (const docs of bed.batches()) raw.insert(docs, { indexed: whole });
  if (whole) raw.index();
}

function remove(file: string): void {
  for (const ending of ['', '-wal', '-shm', '.head']) rmSync(file + ending, { force: true });
}

const EDITS = 300;

/** One edit of one field: row, words, chained history and outbox in one fsynced transaction. */
export async function singleCommits(bed: Bed, report: Report, store: Store, raw: RawStore): Promise<void> {
  // Even places: the live list has changed contacts at odd ones.
  const step = 2 * Math.max(1, Math.floor(bed.docs.length / EDITS / 2));
  const edited = bed.docs.filter((_, index) => index % step === 0).slice(0, EDITS);
  const { ours, theirs } = await sampled(
    edited.map(editOf),
    ({ doc, before, entry, mutation }) =>
      store.commit({
        rows: [{ collection: 'contacts', doc, previous: before._rev }],
        history: [entry],
        outbox: [mutation],
      }),
    ({ doc, entry, mutation }) => raw.edit(doc, entry, mutation),
    { warmUp: 0 },
  );
  const bounds: Record<string, Target> = {
    p50: { of: 'ratio', atMost: 1.5 },
    p95: { of: 'value', atMost: 10 },
  };
  for (const [name, share] of Object.entries({ p50: 0.5, p95: 0.95 })) {
    report.add(
      {
        name: `store.single_commit.${name}`,
        value: percentile(ours, share),
        unit: 'ms',
        better: 'lower',
        yardstick: percentile(theirs, share),
        yardstickName: 'raw aegis, the same rows in one transaction',
        runs: ours.length,
      },
      bounds[name],
    );
  }
}

export interface Edit {
  readonly before: StoredDoc;
  readonly doc: StoredDoc;
  readonly entry: HistoryWrite;
  readonly mutation: OutboxWrite;
}

/** A person's edit of one field, as the store commits it. */
export function editOf(before: StoredDoc): Edit {
  const id = randomUUID();
  const at = new Date().toISOString();
  const title = 'Head of purchasing, northern region';
  const body = before.body as Record<string, unknown>;
  const doc = {
    ...before,
    body: { ...body, title },
    _rev: nextRevision(before._rev),
    _meta: { lwt: before._meta.lwt + 1 },
  };
  const entry: HistoryWrite = {
    at,
    kind: 'change',
    collection: 'contacts',
    record: before.id,
    name: String(before.name),
    field: 'title',
    from: body.title ?? null,
    to: title,
    user: String(before.owner),
    device: 'bench',
    deviceName: 'Bench',
    offline: true,
    mutation: id,
    state: 'saved',
  };
  const mutation = {
    id,
    group: id,
    collection: 'contacts',
    record: before.id,
    field: 'title',
    mutation: {
      id,
      op: 'set',
      field: 'title',
      base: body.title ?? null,
      baseRev: 1,
      value: title,
      madeAt: at,
    },
  };
  return { before, doc, entry, mutation };
}
