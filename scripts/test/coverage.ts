import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CoverageMapData, createCoverageMap } from '@vitest/istanbul-lib-coverage';
import { create, createContext } from '@vitest/istanbul-lib-report';
import { createSourceMapStore } from '@vitest/istanbul-lib-source-maps';
import { loweredFloors } from './floor.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dir = join(root, 'out', 'coverage');
const FLOOR_FILE = join(root, 'tests', 'coverage-floor.json');
const COUNTED = /^(shared|electron|renderer|sync-server)\/.*\.tsx?$/;
/** A floor this far below the truth no longer guards anything. */
const ROOM = 1;

type Measure = 'lines' | 'statements' | 'functions' | 'branches';

function jsonFiles(): string[] {
  const vitest = ['unit', 'api', 'postgres', 'sync', 'security'].map((name) =>
    join(dir, name, 'coverage-final.json'),
  );
  const e2e = join(dir, 'e2e');
  const windows = existsSync(e2e) ? readdirSync(e2e).map((name) => join(e2e, name)) : [];
  return [...vitest, ...windows].filter((file) => file.endsWith('.json') && existsSync(file));
}

/** Reads counters; null for a file that was being written when its process was killed. */
function readCounters(file: string): CoverageMapData | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as CoverageMapData;
  } catch {
    return null;
  }
}

async function merged() {
  const all = createCoverageMap({});
  for (const file of jsonFiles()) {
    const counters = readCounters(file);
    if (counters === null) continue;
    // The instrumented build counts after the TypeScript transform; its counters carry the map back. One store per
    // file: it keys maps by path, and builds of different rooms may map one path differently.
    const mapped = await createSourceMapStore().transformCoverage(createCoverageMap(counters));
    // Through JSON, because an open end of line is Infinity in memory and null in a file, and would not match.
    all.merge(JSON.parse(JSON.stringify(mapped)) as CoverageMapData);
  }
  all.filter((path) => COUNTED.test(relative(root, path)));
  return all;
}

function checkFloor(found: Record<Measure, { pct: number }>): boolean {
  if (!existsSync(FLOOR_FILE)) {
    console.log('There is no floor: tests/coverage-floor.json is missing.');
    return true;
  }
  const floor = JSON.parse(readFileSync(FLOOR_FILE, 'utf8')) as Record<string, number>;
  const lowered = loweredFloors(root, relative(root, FLOOR_FILE).replaceAll('\\', '/'), floor);
  for (const problem of lowered) console.error(problem);
  let holds = lowered.length === 0;
  for (const [measure, least] of Object.entries(floor) as [Measure, number][]) {
    const { pct } = found[measure];
    if (pct < least) {
      console.error(`Coverage of ${measure} is ${pct} %, below the floor of ${least} %.`);
      holds = false;
    } else if (pct >= least + ROOM) {
      console.log(
        `Coverage of ${measure} is ${pct} %: the floor of ${least} % could rise to ${Math.floor(pct)} %.`,
      );
    }
  }
  return holds;
}

mkdirSync(dir, { recursive: true });
const map = await merged();
const context = createContext({ dir, coverageMap: map, defaultSummarizer: 'nested' });
create('html').execute(context);
create('cobertura', { projectRoot: root }).execute(context);
create('text-summary').execute(context);
create('text', { file: 'summary.txt' }).execute(context);
create('json', { file: 'coverage-final.json' }).execute(context);
console.log(`${map.files().length} files; pages in out/coverage/index.html`);
if (!checkFloor(map.getCoverageSummary().toJSON() as Record<Measure, { pct: number }>)) process.exitCode = 1;
