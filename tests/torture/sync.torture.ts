import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '../postgres/support/cluster.ts';
import { makeCompany, START } from '../simulator/company.ts';
import { files } from '../simulator/database.ts';
import { type Counts, count, type History } from '../simulator/history.ts';
import { plan } from '../simulator/plan.ts';
import { PostgresDatabases } from '../simulator/postgres.ts';
import { playInProcesses } from '../simulator/process/run.ts';
import { play as playSimulated } from '../simulator/run.ts';
import { scratch } from '../simulator/scratch.ts';
import { shrink } from '../simulator/shrink.ts';
import { tortureOptions } from './lib/options.ts';

/**
 * `npm run torture -- sync [--minutes M] [--seed S] [--database postgres | --processes]`: histories from seed S on, until
 * the time is up. A PostgreSQL decides itself who of two comes first, so that there a seed plays almost the same again;
 * with real processes it plays the same acts at other moments.
 */
const { minutes = 1, seed, database, processes } = tortureOptions();
if (processes && database !== 'sqlite') throw new TypeError('--processes are played on SQLite');
const play = processes ? playInProcesses : playSimulated;
/** Of a history with real processes, whose steps take their own time. */
const STEPS = 40;
const until = performance.now() + minutes * 60_000;
const folder = scratch();
const kept = mkdtempSync(join(tmpdir(), 'roadbook-failing-'));
const counts: Counts = {};
let histories = 0;
let failed = 0;
console.log(`sync: histories from seed ${seed} on ${database}${processes ? ' with real processes' : ''}`);
const cluster = database === 'postgres' ? await startCluster() : undefined;
const databases = cluster === undefined ? undefined : await PostgresDatabases.connect(cluster.url);
try {
  const company = await makeCompany(folder, databases ?? files, processes ? Date.now() : START);
  for (let next = seed; performance.now() < until; next += 1) {
    const history = processes ? plan(next, STEPS) : plan(next);
    const own = join(folder, `history-${next}`);
    mkdirSync(own);
    const outcome = await play(history, company, own);
    rmSync(own, { recursive: true });
    histories += 1;
    for (const [name, times] of Object.entries(outcome.counts)) count(counts, name, times);
    if (outcome.violations.length > 0) {
      failed += 1;
      await keep(next, history, outcome.violations);
    }
    if (histories % (processes ? 10 : 100) === 0)
      console.log(`sync: ${histories} histories, ${failed} failed`);
  }

  async function keep(number: number, history: History, violations: readonly string[]) {
    console.log(`seed ${number}: ${violations.join('\n  ')}`);
    let plays = 0;
    const shorter = await shrink(
      history,
      async (one) => {
        plays += 1;
        const own = join(folder, `shrink-${number}-${plays}`);
        mkdirSync(own);
        const outcome = await play(one, company, own);
        rmSync(own, { recursive: true });
        return outcome.violations.length > 0;
      },
      () => plays > (processes ? 20 : 200),
    );
    const file = join(kept, `${number}.json`);
    writeFileSync(file, `${JSON.stringify({ ...shorter, because: violations[0] }, null, 1)}\n`);
    console.log(`  ${shorter.steps.length} of ${history.steps.length} steps are enough: ${file}`);
  }
} finally {
  await databases?.close();
  await cluster?.remove();
  rmSync(folder, { recursive: true, force: true });
}
const faults = Object.entries(counts).sort(([a], [b]) => a.localeCompare(b));
console.log(`sync: ${histories} histories, ${failed} failed`);
for (const [name, times] of faults) console.log(`  ${name}: ${times}`);
if (failed > 0) process.exitCode = 1;
else rmSync(kept, { recursive: true });
