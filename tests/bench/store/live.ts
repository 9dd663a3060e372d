import type { StoreEvent } from '../../../electron/store/contract.ts';
import type { Store } from '../../../electron/store/open.ts';
import type { Bed } from '../lib/bed.ts';
import type { Report } from '../lib/figure.ts';
import { percentile, sampled } from '../lib/measure.ts';
import type { RawStore } from '../lib/raw-store.ts';
import { type Edit, editOf } from './writes.ts';

const EDITS = 100;
const PAGE = 50;

/**
 * A person renames a contact in a list that is open and sorted by name: from the edit to the fifty rows around its new
 * place, newly read. Open lists are told at most every 50 ms, so that is most of it. The yardstick commits the same rows and asks for the same page again.
 */
export async function liveLists(bed: Bed, report: Report, store: Store, raw: RawStore): Promise<void> {
  const sort = [{ path: 'name', direction: 'asc' as const }];
  const { viewId } = await store.openView({ collection: 'contacts', selector: {}, sort });
  const edits = bed.docs
    .filter((_, index) => index % 2 === 1)
    .slice(0, EDITS)
    .map((doc, index) => ({ edit: renamed(editOf(doc), index), place: (index * 7919) % bed.ids.length }));
  const pair = await sampled(
    edits,
    async ({ edit: { doc, before, entry, mutation } }) => {
      const told = viewEvent(store, viewId);
      const commit = store.commit({
        rows: [{ collection: 'contacts', doc, previous: before._rev }],
        history: [entry],
        outbox: [mutation],
      });
      await Promise.all([told, commit]);
      const at = await store.viewIndexOf(viewId, doc.id);
      const { docs } = await store.viewRows(viewId, Math.max(0, at - PAGE / 2), PAGE);
      if (!docs.some(({ id }) => id === doc.id)) throw new Error('The renamed contact is not in its list.');
    },
    ({ edit: { doc, entry, mutation }, place }) => {
      raw.edit(doc, entry, mutation);
      raw.page(place);
    },
    { warmUp: 0, block: 20 },
  );
  await store.closeView(viewId);
  for (const [name, share] of Object.entries({ p50: 0.5, p95: 0.95 })) {
    report.add({
      name: `store.live_list.${name}`,
      value: percentile(pair.ours, share),
      unit: 'ms',
      better: 'lower',
      yardstick: percentile(pair.theirs, share),
      yardstickName: 'raw aegis, commit and LIMIT and OFFSET anew',
      runs: pair.ours.length,
    });
  }
}

/** A new name, each in another part of the alphabet. */
function renamed(edit: Edit, index: number): Edit {
  const name = `${String.fromCharCode(65 + (index % 26))}renamed ${index}`;
  return {
    ...edit,
    doc: { ...edit.doc, name },
    entry: { ...edit.entry, field: 'name', from: String(edit.before.name), to: name },
  };
}

function viewEvent(store: Store, viewId: string): Promise<void> {
  return new Promise((done) => {
    const off = store.on((event: StoreEvent) => {
      if (event.type !== 'view' || event.view.viewId !== viewId) return;
      off();
      done();
    });
  });
}
