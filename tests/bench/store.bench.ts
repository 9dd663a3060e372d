import { BATCH, Bed, openOurs, settled } from './lib/bed.ts';
import { Report } from './lib/figure.ts';
import { machineLine } from './lib/machine.ts';
import { inScratch, options } from './lib/options.ts';
import { besidePouchdb } from './store/beside-pouchdb.ts';
import { besideRxdb } from './store/beside-rxdb.ts';
import { liveLists } from './store/live.ts';
import { counts, listPages, pointReads, searches, viewOpens } from './store/reads.ts';
import { opens, sizes } from './store/whole.ts';
import { bulkWrites, singleCommits } from './store/writes.ts';

const { rows, runs, seed, out, wanted } = options('store');

/** Groups that look at stores which lie there; the others make their own. */
const READ = ['whole', 'read', 'list', 'search', 'count', 'view', 'live', 'commit'];

const report = new Report('store');
console.log(machineLine());
await inScratch(async (folder) => {
  const bed = new Bed(folder, rows, seed);
  const length = bed.docs.reduce((sum, doc) => sum + Buffer.byteLength(JSON.stringify(doc)), 0);
  const bytes = length / bed.docs.length;
  console.log(
    `${rows.toLocaleString('en-US')} contacts of ${Math.round(bytes)} bytes as stored; aegis, WAL, synchronous=FULL, 64 MiB page cache on both sides`,
  );
  await bed.layout();
  if (wanted('bulk')) await bulkWrites(bed, report, runs);
  if (wanted('rxdb')) await besideRxdb(bed, report);
  if (wanted('pouchdb')) await besidePouchdb(bed, report);

  if (READ.some(wanted)) await reads(bed);
  console.log(`transactions of ${BATCH} rows; medians of interleaved runs`);
});
report.finish(out);

/** What is read: one store of each kind with the same contacts, closed once so that the log lies in the file. */
async function reads(bed: Bed): Promise<void> {
  const files = { ours: bed.file(), raw: bed.file() };
  const filled = await openOurs(files.ours, bed.key, true);
  for (const docs of bed.allBatches()) {
    await filled.commit({ rows: docs.map((doc) => ({ collection: 'contacts', doc, previous: undefined })) });
  }
  await settled(filled);
  await filled.close();
  const filledRaw = await bed.openRaw(files.raw, true);
  for (const docs of bed.allBatches()) filledRaw.insert(docs);
  filledRaw.index();
  filledRaw.close();

  if (wanted('whole')) {
    await opens(bed, report, files);
    await sizes(bed, report, files);
  }
  const store = await openOurs(files.ours, bed.key, false);
  const raw = await bed.openRaw(files.raw, false);
  try {
    if (wanted('read')) await pointReads(bed, report, store, raw);
    if (wanted('list')) await listPages(bed, report, store, raw);
    if (wanted('search')) await searches(report, store, raw, seed);
    if (wanted('count')) await counts(bed, report, store, raw);
    if (wanted('view')) await viewOpens(bed, report, store, raw);
    // Last, because these change what is there.
    if (wanted('live')) await liveLists(bed, report, store, raw);
    if (wanted('commit')) await singleCommits(bed, report, store, raw);
  } finally {
    await store.close();
    raw.close();
  }
}
