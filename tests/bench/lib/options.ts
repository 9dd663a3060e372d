import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import groups from '../groups.json' with { type: 'json' };

export interface Options {
  /** Contacts in the store: 100,000, or a million with --large. */
  readonly rows: number;
  /** Whole runs of heavy work on each side. */
  readonly runs: number;
  readonly seed: number;
  /** Where out/bench/SUITE.json goes. */
  readonly out: string;
  /** Whether the figures of a group are asked for; all are when nothing is said. */
  wanted(group: string): boolean;
}

export const root = fileURLToPath(new URL('../../../', import.meta.url));

type Suite = keyof typeof groups;

/**
 * `npm run bench -- store --rows=10000 --runs=1 --only=search,list`
 * @throws RangeError for a number that is none and for a group that the suite does not have
 */
export function options(suite: Suite, args: readonly string[] = process.argv.slice(2)): Options {
  const { values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rows: { type: 'string' },
      runs: { type: 'string', default: '3' },
      seed: { type: 'string', default: '7' },
      large: { type: 'boolean', default: false },
      out: { type: 'string', default: join(root, 'out', 'bench') },
      only: { type: 'string', default: '' },
    },
  });
  const known: readonly string[] = groups[suite];
  const only = values.only.split(',').filter(Boolean);
  const unknown = only.find((group) => !known.includes(group));
  if (unknown !== undefined)
    throw new RangeError(`The suite ${suite} has no group "${unknown}". Known: ${known.join(', ')}.`);
  return {
    rows: positive('rows', values.rows ?? (values.large ? '1000000' : '100000')),
    runs: positive('runs', values.runs),
    seed: positive('seed', values.seed),
    out: values.out,
    wanted: (group) => only.length === 0 || only.includes(group),
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new RangeError(`--${name} takes a whole number from 1.`);
  return value;
}

/** A folder of its own that is gone when the work is done, whatever came of it. */
export async function inScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'roadbook-bench-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const stop = () => process.exit(143);
  // Also when the run is ended from outside: a store of 100,000 rows is no small thing to leave behind.
  process.once('exit', remove).once('SIGTERM', stop);
  try {
    return await work(folder);
  } finally {
    process.off('exit', remove).off('SIGTERM', stop);
    remove();
  }
}
