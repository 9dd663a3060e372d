import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Needle } from '../../security/support/needles.ts';
import { type Finding, scan } from '../../security/support/scan.ts';
import { fileSources, type Source, unlinkedSources } from '../../security/support/sources.ts';
import type { Device } from './device.ts';
import { root } from './runtime.ts';

/**
 * Words that a person types in a test and that nothing may write down in clear. Each holds a mark that is made anew
 * for every run, in small letters, so that folding for search changes nothing about it.
 */
export function canaries<K extends string>(kinds: readonly K[]): Record<K, string> {
  const mark = randomBytes(4).toString('hex');
  return Object.fromEntries(kinds.map((kind) => [kind, `zq${mark}${kind}`])) as Record<K, string>;
}

/** What every user of the machine can read about a process. */
function* commandLines(pids: readonly number[]): Generator<Source> {
  for (const pid of pids) {
    try {
      yield { place: `command line of ${pid}`, bytes: readFileSync(`/proc/${pid}/cmdline`) };
    } catch {
      // The process has ended meanwhile.
    }
  }
}

export interface Sweep {
  readonly findings: readonly Finding[];
  readonly places: readonly string[];
}

/**
 * Everything that a device has written or holds open: profile, temporary files, home, and, while it runs, unlinked
 * files, shared memory and command lines.
 */
export function sweep(device: Device, needles: readonly Needle[]): Sweep {
  const pids = device.running ? device.pids() : [];
  const results = [
    scan(fileSources([device.laptop.base]), needles),
    scan(unlinkedSources(pids), needles),
    scan(commandLines(pids), needles),
  ];
  return {
    findings: results.flatMap((result) => result.findings),
    places: results.flatMap((result) => result.places),
  };
}

/** What builds, logs and development starts have left in the checkout; large, so looked at once. */
export function sweepCheckout(needles: readonly Needle[]): Sweep {
  const folders = ['app', 'app-cov', 'dev', 'coverage'].map((name) => join(root, 'out', name));
  return scan(fileSources(folders), needles);
}
