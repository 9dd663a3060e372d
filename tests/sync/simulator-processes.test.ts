import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Company, makeCompany } from '../simulator/company.ts';
import { files } from '../simulator/database.ts';
import { plan } from '../simulator/plan.ts';
import { playInProcesses } from '../simulator/process/run.ts';
import { scratch } from '../simulator/scratch.ts';

/** `npm run torture -- sync --processes` goes on from any other seed. */
const SEEDS = [1, 2, 3, 4, 5];
const STEPS = 30;

let folder: string;
let company: Company;
beforeAll(async () => {
  folder = scratch();
  company = await makeCompany(folder, files, Date.now());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(SEEDS)(
  'with real processes that are killed and real sockets that break, everybody ends with what is theirs: history %i',
  async (seed) => {
    const own = join(folder, `seed-${seed}`);
    mkdirSync(own);
    expect((await playInProcesses(plan(seed, STEPS), company, own)).violations).toEqual([]);
    rmSync(own, { recursive: true });
  },
);
