import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killsOf, torture } from './lib/kills.ts';
import { tortureOptions } from './lib/options.ts';

/** `npm run torture -- store [--kills N] [--seed S] [--minutes M]` */
const { kills = 1000, seed, minutes } = tortureOptions();
console.log(`store: ${kills} kills, seed ${seed}`);
const folder = mkdtempSync(join(tmpdir(), 'roadbook-torture-'));
const started = performance.now();
const until = minutes === undefined ? Number.POSITIVE_INFINITY : started + minutes * 60_000;
const told = await torture({ folder, kills: killsOf(kills, seed), until, tell: console.log });
const seconds = Math.round((performance.now() - started) / 1000);
console.log(
  `store: ${told.kills} kills (${told.struck} of ${told.asked} at their step) over ${told.commits} commits in ${seconds} s, nothing lost and nothing half-applied`,
);
rmSync(folder, { recursive: true, force: true });
