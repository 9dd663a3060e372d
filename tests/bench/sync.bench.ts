import { join } from 'node:path';
import { Report } from './lib/figure.ts';
import { machineLine } from './lib/machine.ts';
import { inScratch, options } from './lib/options.ts';
import { download } from './lib/pages.ts';
import { seed, startServer } from './lib/server.ts';
import { edits } from './sync/edits.ts';
import { initial } from './sync/initial.ts';
import { live } from './sync/live.ts';
import { pouchdb } from './sync/pouchdb.ts';
import { tenant } from './sync/tenant.ts';

const { rows, runs, seed: from, out, wanted } = options('sync');

const report = new Report('sync');
console.log(machineLine());
console.log(`${rows.toLocaleString('en-US')} contacts from a real server process into an encrypted store`);
await inScratch(async (folder) => {
  const data = join(folder, 'server');
  await seed(data, rows, from);
  const server = await startServer(data);
  try {
    const pages = await download(server, join(folder, 'pages'));
    const scene = { server, folder, pages, report, rows, runs, seed: from };
    if (wanted('initial')) await initial(scene);
    if (wanted('pouchdb')) await pouchdb(scene);
    if (wanted('edits')) await edits(scene);
    if (wanted('tenant')) await tenant(scene);
    if (wanted('live')) await live(scene);
  } finally {
    await server.stop();
  }
});
report.finish(out);
