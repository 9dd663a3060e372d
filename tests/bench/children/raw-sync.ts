// Yardstick of an initial sync: the same pages, parsed and put by hand into the same tables and indexes.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fromWire, toDoc } from '../../../electron/records/rows.ts';
import type { PullResponse } from '../../../shared/sync/wire.ts';
import { type Layout, RawStore } from '../lib/raw-store.ts';

export interface RawSync {
  readonly pages: string;
  readonly file: string;
  readonly key: Uint8Array;
  readonly layout: Layout;
  readonly tenant: string;
  readonly indexed: boolean;
}

export interface RawSynced {
  readonly rows: number;
  readonly millis: number;
  /** Until the first page of the list could be read. */
  readonly usableMillis: number;
}

const ordered = once(process, 'message');
process.send?.('ready');
const [order] = (await ordered) as [RawSync];
const pages = readFileSync(order.pages, 'utf8').split('\n').filter(Boolean);
const raw = new RawStore(order.file, order.key, order.layout, true);
const start = performance.now();
let rows = 0;
let usableMillis = 0;
for (const text of pages) {
  const page: PullResponse = JSON.parse(text);
  const contacts = page.rows.filter((row) => row.collection === 'contacts');
  const docs = contacts.map((row) => toDoc(fromWire(row, order.tenant), undefined, Date.now()));
  // A digest costs nothing here: it is a fixed one, but it is stored.
  raw.insert(docs, { indexed: order.indexed, digests: docs.map(() => '0'.repeat(32)) });
  if (rows === 0 && docs.length > 0) {
    raw.page(0);
    usableMillis = performance.now() - start;
  }
  rows += docs.length;
}
if (order.indexed) raw.index();
const done: RawSynced = { rows, millis: performance.now() - start, usableMillis };
process.send?.(done);
raw.close();
process.disconnect?.();
