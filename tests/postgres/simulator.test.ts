import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Company, makeCompany } from '../simulator/company.ts';
import type { History } from '../simulator/history.ts';
import { plan } from '../simulator/plan.ts';
import { PostgresDatabases } from '../simulator/postgres.ts';
import { play } from '../simulator/run.ts';
import { scratch } from '../simulator/scratch.ts';

/** Seeds of the histories that every run of the tests plays here; `npm run torture -- sync --database postgres` goes on. */
const FIRST = 1;
const HISTORIES = 12;
const TOGETHER = 4;
const KEPT = join(import.meta.dirname, '../simulator/regressions');

let folder: string;
let databases: PostgresDatabases;
let company: Company;
beforeAll(async () => {
  folder = scratch();
  databases = await PostgresDatabases.connect(process.env.ROADBOOK_TEST_POSTGRES ?? '');
  company = await makeCompany(folder, databases);
});
afterAll(async () => {
  await databases.close();
  rmSync(folder, { recursive: true, force: true });
});

async function violationsOf(history: History, name: string): Promise<readonly string[]> {
  const own = join(folder, name);
  mkdirSync(own);
  try {
    return (await play(history, company, own)).violations;
  } finally {
    rmSync(own, { recursive: true });
  }
}

describe('on a PostgreSQL, too, everybody ends with what is theirs and nothing is lost', () => {
  const starts = Array.from({ length: HISTORIES / TOGETHER }, (_, index) => FIRST + index * TOGETHER);
  test.each(starts)('histories from seed %i on', async (start) => {
    for (let seed = start; seed < start + TOGETHER; seed += 1) {
      expect(await violationsOf(plan(seed), `seed-${seed}`), `seed ${seed}`).toEqual([]);
    }
  });
});

describe('histories that once showed a fault', () => {
  test.each(readdirSync(KEPT))('%s', async (name) => {
    const history = JSON.parse(readFileSync(join(KEPT, name), 'utf8')) as History;
    expect(await violationsOf(history, name), history.because).toEqual([]);
  });
});
