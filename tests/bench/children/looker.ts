// Looks through a store as a person does, then waits to be weighed.
import { once } from 'node:events';
import { openOurs } from '../lib/bed.ts';
import { typedPrefixes } from '../lib/contacts.ts';
import { type Layout, RawStore } from '../lib/raw-store.ts';

interface Order {
  readonly side: 'ours' | 'raw';
  readonly file: string;
  readonly key: Uint8Array;
  readonly layout: Layout;
  readonly rows: number;
}

const STEPS = 40;

const ordered = once(process, 'message');
process.send?.('ready');
const [order] = (await ordered) as [Order];
const offsets = Array.from({ length: STEPS }, (_, step) => Math.floor((step * (order.rows - 50)) / STEPS));
const typed = typedPrefixes(11, 5);

if (order.side === 'ours') {
  const store = await openOurs(order.file, order.key, false);
  const sort = [{ path: 'name', direction: 'asc' as const }];
  const { viewId } = await store.openView({ collection: 'contacts', selector: {}, sort });
  for (const offset of offsets) await store.viewRows(viewId, offset, 50);
  for (const text of typed) await store.search({ text, limit: 20 });
} else {
  const raw = new RawStore(order.file, order.key, order.layout, false);
  for (const offset of offsets) raw.page(offset);
  for (const text of typed) raw.search(text);
}
process.send?.('done');
// A handler for the disconnection keeps the process, and with it the store, alive until it is told to end.
process.once('disconnect', () => process.exit());
