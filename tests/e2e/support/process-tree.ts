import { readdirSync, readFileSync } from 'node:fs';
import { until } from './until.ts';

interface Entry {
  readonly pid: number;
  readonly parent: number;
  readonly state: string;
}

function processes(): Entry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
        // The command name stands in brackets and may itself hold blanks and brackets.
        const [state = '', parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return [{ pid: Number(name), parent: Number(parent), state }];
      } catch {
        // Ended between the listing and the look.
        return [];
      }
    });
}

/** The process and everything that it started, and so on down. */
export function processTree(pid: number): number[] {
  const all = processes();
  const tree = new Set([pid]);
  let grown = true;
  while (grown) {
    grown = false;
    for (const entry of all) {
      if (tree.has(entry.parent) && !tree.has(entry.pid)) {
        tree.add(entry.pid);
        grown = true;
      }
    }
  }
  return [...tree];
}

/** SIGKILL to every process of the tree at once, as a power cut would; returns when none of them runs any more. */
export async function killTree(pid: number): Promise<void> {
  const tree = processTree(pid);
  for (const member of tree) {
    try {
      process.kill(member, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  await ended(tree);
}

/** Resolves when none of the processes runs any more; a zombie that nobody has collected yet does not run. */
export async function ended(pids: readonly number[]): Promise<void> {
  const gone = () =>
    !processes().some((entry) => pids.includes(entry.pid) && entry.state !== 'Z' && entry.state !== 'X');
  await until(gone, { what: 'the processes of the app to end' });
}
