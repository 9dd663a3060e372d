import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { subkey } from '../../keys/subkey.ts';

/**
 * The head file tells how far the store had come, so that a database or a write-ahead log that was put back to an
 * older state is noticed: SQLite itself opens an older copy, or a log with a damaged tail, without a word.
 *
 * Order of writing: first the commit, which SQLite fsyncs (synchronous=FULL), then the head, which is not fsynced.
 * The head therefore never promises what the disk may not hold. After a power cut it may lag behind the database,
 * which is harmless: a database ahead of its head is the ordinary trace of a crash between the two writes. After a
 * killed process nothing lags, because the kernel keeps what was written. It is fsynced when a store is made and
 * when it is closed.
 *
 * Two slots of one sector each are written in turn, so a torn write leaves the other one valid.
 */
export interface Head {
  readonly store: string;
  /** Format of the database file, so that a store from a newer version is recognised before anything is opened. */
  readonly format: number;
  readonly counter: number;
}

/** missing: no file; damaged: no slot can be read; foreign: written under another key. */
export type HeadState = { readonly head: Head } | { readonly fault: 'missing' | 'damaged' | 'foreign' };

const SLOT = 512;

export function headPath(file: string): string {
  return `${file}.head`;
}

export function headKey(dataKey: Uint8Array): Uint8Array {
  return subkey(dataKey, 'store head');
}

function mac(key: Uint8Array, head: Head): string {
  return createHmac('sha256', key)
    .update(`roadbook head v1\n${head.store}\n${head.format}\n${head.counter}`)
    .digest('hex');
}

export function readHead(file: string, key: Uint8Array): HeadState {
  const path = headPath(file);
  if (!existsSync(path)) return { fault: 'missing' };
  const bytes = readFileSync(path);
  let best: Head | undefined;
  let readable = false;
  for (const start of [0, SLOT]) {
    const slot = parse(bytes.subarray(start, start + SLOT).toString('utf8'));
    if (!slot) continue;
    readable = true;
    const { mac: given, ...head } = slot;
    const expected = Buffer.from(mac(key, head), 'hex');
    const found = Buffer.from(given, 'hex');
    if (found.length !== expected.length || !timingSafeEqual(found, expected)) continue;
    if (!best || head.counter > best.counter) best = head;
  }
  if (best) return { head: best };
  return { fault: readable ? 'foreign' : 'damaged' };
}

function parse(text: string): (Head & { mac: string }) | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || typeof value !== 'object') return undefined;
    const { store, format, counter, mac: given } = value as Record<string, unknown>;
    if (typeof store !== 'string' || typeof given !== 'string') return undefined;
    if (typeof format !== 'number' || typeof counter !== 'number') return undefined;
    return { store, format, counter, mac: given };
  } catch {
    // A torn or empty slot is expected; the other one speaks.
    return undefined;
  }
}

export class HeadFile {
  readonly #key: Uint8Array;
  readonly #fd: number;

  constructor(file: string, key: Uint8Array) {
    this.#key = key;
    const path = headPath(file);
    this.#fd = openSync(path, existsSync(path) ? 'r+' : 'w+', 0o600);
  }

  write(head: Head): void {
    const text = JSON.stringify({ ...head, mac: mac(this.#key, head) });
    const slot = Buffer.alloc(SLOT, 0x20);
    slot.write(text, 0, 'utf8');
    writeSync(this.#fd, slot, 0, SLOT, (head.counter % 2) * SLOT);
  }

  /** Both slots anew: at creation, and after a head that could not be believed was accepted by a person. */
  reset(head: Head): void {
    ftruncateSync(this.#fd, 0);
    writeSync(this.#fd, Buffer.alloc(2 * SLOT, 0x20), 0, 2 * SLOT, 0);
    this.write(head);
    fdatasyncSync(this.#fd);
  }

  /** A head for a copy of the store, on the disk when this returns. */
  copyTo(file: string, head: Head): void {
    const beside = new HeadFile(file, Uint8Array.from(this.#key));
    try {
      beside.reset(head);
    } finally {
      beside.close();
    }
  }

  close(): void {
    fdatasyncSync(this.#fd);
    closeSync(this.#fd);
    this.#key.fill(0);
  }
}
