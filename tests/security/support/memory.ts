import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import type { Needle } from './needles.ts';

/** Everything that a 256-bit key may have turned into in memory: its bytes, and the texts that are made of them. */
export function keyNeedles(key: Uint8Array): Needle[] {
  const bytes = Buffer.from(key);
  const texts = { hex: bytes.toString('hex'), HEX: bytes.toString('hex').toUpperCase() };
  return [
    { text: 'data key', form: 'raw', bytes },
    ...Object.entries(texts).map(([form, text]) => ({ text: 'data key', form, bytes: Buffer.from(text) })),
    // The last group of a base64 text depends on what follows.
    { text: 'data key', form: 'base64', bytes: Buffer.from(bytes.toString('base64').slice(0, 42)) },
    {
      text: 'data key',
      form: 'bytes of JSON',
      bytes: Buffer.from(JSON.stringify([...bytes]).slice(1, -1)),
    },
  ];
}

export interface Sighting {
  readonly form: string;
  readonly text: string;
  readonly times: number;
}

/** Regions larger than this are reservations, not memory. */
const LARGEST = 1 << 30;
const CHUNK = 8 << 20;

/**
 * Looks through everything that a running process has in memory and may write to: objects, buffers, native memory, and
 * what was freed and not used again since. Linux only, and for a process of the same user that it may trace.
 */
export function lookIntoProcess(pid: number, needles: readonly Needle[]): Sighting[] {
  const longest = Math.max(...needles.map(({ bytes }) => bytes.length));
  const counts = new Map<Needle, number>();
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const chunk = Buffer.allocUnsafe(CHUNK + longest);
  try {
    for (const { from, to } of writableRegions(pid)) {
      for (let at = from; at < to; at += CHUNK) {
        const length = Math.min(CHUNK + longest - 1, to - at);
        const read = tryRead(memory, chunk, length, at);
        const seen = chunk.subarray(0, read);
        for (const needle of needles) {
          let place = seen.indexOf(needle.bytes);
          while (place >= 0) {
            // What begins behind the chunk is met again in the next one.
            if (place < CHUNK) counts.set(needle, (counts.get(needle) ?? 0) + 1);
            place = seen.indexOf(needle.bytes, place + 1);
          }
        }
      }
    }
  } finally {
    closeSync(memory);
    chunk.fill(0);
  }
  return [...counts].map(([{ form, text }, times]) => ({ form, text, times }));
}

function tryRead(memory: number, chunk: Buffer, length: number, at: number): number {
  try {
    return readSync(memory, chunk, 0, length, at);
  } catch {
    // Unmapped since the list was read, or a device's memory.
    return 0;
  }
}

function writableRegions(pid: number): { from: number; to: number }[] {
  return readFileSync(`/proc/${pid}/maps`, 'latin1')
    .split('\n')
    .flatMap((line) => {
      const [, from = '', to = ''] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
      const region = { from: Number.parseInt(from, 16), to: Number.parseInt(to, 16) };
      return from === '' || region.to - region.from > LARGEST ? [] : [region];
    });
}
