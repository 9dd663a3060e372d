import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

/** One line about where the figures come from; the load tells how far to believe them. */
export function machineLine(): string {
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const load = loadavg()[0] ?? 0;
  return `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, ${gigabytes} GB, ${type()} ${release()}, Node ${process.versions.node}, load ${load.toFixed(2)}`;
}

/** Time that other guests took from this machine, in milliseconds since it started (Linux; 0 elsewhere). */
export function stolenMillis(): number {
  try {
    const ticks = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]?.trim().split(/\s+/)[8];
    return Number(ticks ?? 0) * 10;
  } catch {
    return 0; // Only Linux tells.
  }
}
