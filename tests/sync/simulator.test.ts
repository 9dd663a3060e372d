import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Company, makeCompany } from '../simulator/company.ts';
import type { History } from '../simulator/history.ts';
import { plan } from '../simulator/plan.ts';
import { play } from '../simulator/run.ts';
import { scratch } from '../simulator/scratch.ts';

/** Seeds of the histories that every run of the tests plays; `npm run torture -- sync` goes on from any other. */
const FIRST = 1;
const HISTORIES = 200;
const TOGETHER = 25;
const KEPT = join(import.meta.dirname, '../simulator/regressions');

let folder: string;
let company: Company;
beforeAll(async () => {
  folder = scratch();
  company = await makeCompany(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function violationsOf(history: History, name: string): Promise<readonly string[]> {
  const own = join(folder, name);
  mkdirSync(own);
  try {
    return (await play(history, company, own)).violations;
  } finally {
    rmSync(own, { recursive: true });
  }
}

describe('whatever people, networks, disks and clocks do, everybody ends with what is theirs and nothing is lost', () => {
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
