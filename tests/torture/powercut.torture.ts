import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tortureOptions } from './lib/options.ts';
import { canTrace, powerCuts } from './lib/powercut.ts';

/** `npm run torture -- powercut [--cuts N] [--seed S] [--minutes M]` */
const { cuts = 500, seed, minutes } = tortureOptions();
if (canTrace()) {
  console.log(`powercut: ${cuts} cuts, seed ${seed}`);
  const folder = mkdtempSync(join(tmpdir(), 'roadbook-torture-'));
  const millis = minutes === undefined ? Number.POSITIVE_INFINITY : minutes * 60_000;
  const told = await powerCuts({ folder, commits: 60, cuts, seed, millis, tell: console.log });
  console.log(
    `powercut: ${told.cuts} cuts among ${told.writes} writes (${told.before} before there was a store), every acknowledged commit whole`,
  );
  rmSync(folder, { recursive: true, force: true });
} else {
  console.log(
    'powercut: left out, because system calls cannot be traced here (Debian: apt-get install strace)',
  );
}
