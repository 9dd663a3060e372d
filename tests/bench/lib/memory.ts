import { readdirSync, readFileSync } from 'node:fs';

/**
 * Memory of a process and everything below it, in MB: proportional set size, so that pages that processes share are
 * counted once. Linux only.
 */
export function pssOfTree(pid: number): number {
  let kilobytes = 0;
  for (const id of tree(pid)) kilobytes += pss(id);
  return kilobytes / 1024;
}

export function tree(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(Number(name));
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [pid];
  for (const id of found) found.push(...(children.get(id) ?? []));
  return found;
}

function parentOf(pid: number): number | undefined {
  const stat = readGone(`/proc/${pid}/stat`);
  // The name in brackets may hold anything, so the fields are counted from its end.
  const parent = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  return parent === undefined ? undefined : Number(parent);
}

function pss(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(readGone(`/proc/${pid}/smaps_rollup`) ?? '')?.[1] ?? 0);
}

/** undefined when the process ended in the meantime. */
function readGone(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
