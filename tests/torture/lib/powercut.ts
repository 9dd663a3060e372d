import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { check } from './check.ts';
import { randomFrom } from './options.ts';
import { emptyModel } from './plan.ts';

/**
 * Power cuts, played from a record: strace writes down every write, fsync and change of a folder that the store's
 * thread makes, and each acknowledgement among them. For a cut at any point the files are built as a disk may hold
 * them: what was fsynced is there; of what came later, any part, down to sectors of 512 bytes.
 */

export type Op =
  | { readonly do: 'write'; readonly path: string; readonly at: number; readonly data: Buffer }
  | { readonly do: 'cut'; readonly path: string; readonly size: number }
  | { readonly do: 'sync'; readonly path: string }
  | { readonly do: 'make' | 'unlink'; readonly path: string }
  | { readonly do: 'rename'; readonly path: string; readonly to: string }
  | { readonly do: 'begun' | 'acked'; readonly commit: number };

const CALLS = 'openat,pwrite64,write,fsync,fdatasync,ftruncate,rename,unlink';

/** False where this machine cannot trace system calls. */
export function canTrace(): boolean {
  return spawnSync('strace', ['-e', 'trace=none', 'true'], { stdio: 'ignore' }).status === 0;
}

/** Runs a writer of so many commits in `folder` under strace. */
export function record(folder: string, commits: number): Op[] {
  const prefix = join(folder, 'trace');
  const file = join(folder, 'store.db');
  const script = join(import.meta.dirname, 'traced-writer.ts');
  const flags = ['-ff', '-y', '-xx', '-s', '100000', '-e', `trace=${CALLS}`, '-o', prefix];
  spawnSync('strace', [...flags, process.execPath, script, file, String(commits)], { stdio: 'ignore' });
  const traces = readdirSync(folder)
    .filter((name) => name.startsWith('trace.'))
    .sort((a, b) => Number(a.slice(6)) - Number(b.slice(6)));
  // One thread after the other has the store open; each counts its commits from one.
  const ops: Op[] = [];
  let commitsBefore = 0;
  for (const name of traces) {
    const found = readFileSync(join(folder, name), 'latin1')
      .split('\n')
      .flatMap((line) => opOf(line, file) ?? []);
    let last = 0;
    for (const op of found) {
      if ('commit' in op) {
        last = op.commit;
        ops.push({ ...op, commit: commitsBefore + op.commit });
      } else ops.push(op);
    }
    commitsBefore += last;
    rmSync(join(folder, name));
  }
  return ops;
}

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll('\\x', ''), 'hex');
const FD = String.raw`\d+<([^>]*)>`;
const PATTERNS = {
  pwrite: new RegExp(`^pwrite64\\(${FD}, "([^"]*)", \\d+, (\\d+)\\) = (\\d+)`),
  sync: new RegExp(`^f(?:data)?sync\\(${FD}\\) += 0`),
  truncate: new RegExp(`^ftruncate\\(${FD}, (\\d+)\\) += 0`),
  make: /^openat\([^,]*, "([^"]*)", [A-Z_|]*O_CREAT[A-Z_|]*, 0\d+\) = \d+/,
  rename: /^rename\("([^"]*)", "([^"]*)"\) += 0/,
  unlink: /^unlink\("([^"]*)"\) += 0/,
  note: /^write\(2147483647, "([^"]*)"/,
} as const;

function opOf(line: string, file: string): Op | undefined {
  const path = (hex = '') => bytes(hex).toString();
  const ours = (one: string) => one.startsWith(file) || one === dirname(file);
  const op = ((): Op | undefined => {
    const pwrite = PATTERNS.pwrite.exec(line);
    if (pwrite)
      return { do: 'write', path: path(pwrite[1]), data: bytes(pwrite[2] ?? ''), at: Number(pwrite[3]) };
    const sync = PATTERNS.sync.exec(line);
    if (sync) return { do: 'sync', path: path(sync[1]) };
    const truncate = PATTERNS.truncate.exec(line);
    if (truncate) return { do: 'cut', path: path(truncate[1]), size: Number(truncate[2]) };
    const make = PATTERNS.make.exec(line);
    if (make) return { do: 'make', path: path(make[1]) };
    const rename = PATTERNS.rename.exec(line);
    if (rename) return { do: 'rename', path: path(rename[1]), to: path(rename[2]) };
    const unlink = PATTERNS.unlink.exec(line);
    if (unlink) return { do: 'unlink', path: path(unlink[1]) };
    return undefined;
  })();
  if (op && 'path' in op) return ours(op.path) ? op : undefined;
  const note = PATTERNS.note.exec(line);
  const [word, commit] = note ? path(note[1]).replaceAll('\0', '').split(' ') : [];
  return word === 'begun' || word === 'acked' ? { do: word, commit: Number(commit) } : undefined;
}

/** A file on the disk: what is certain, and what was asked for since its last fsync. */
interface Inode {
  content: Buffer;
  pending: (Extract<Op, { do: 'write' }> | Extract<Op, { do: 'cut' }>)[];
}

type Entry = Extract<Op, { do: 'make' | 'unlink' | 'rename' }>;

const SECTOR = 512;

/** How much of what was not fsynced the disk holds. */
export type Fate = 'none' | 'all' | 'some' | 'torn';

function put(content: Buffer, at: number, data: Buffer): Buffer {
  const size = Math.max(content.length, at + data.length);
  const out = size > content.length ? Buffer.concat([content, Buffer.alloc(size - content.length)]) : content;
  data.copy(out, at);
  return out;
}

/** The disk up to a point of the record. */
export class Disk {
  /** Names as the programs see them, and as they are certain to be after a cut. */
  readonly #now = new Map<string, Inode>();
  #certain = new Map<string, Inode>();
  #entries: (Entry & { readonly inode: Inode | undefined })[] = [];
  acknowledged = 0;
  started = 0;

  play(op: Op): void {
    if ('commit' in op) this[op.do === 'acked' ? 'acknowledged' : 'started'] = op.commit;
    else if (op.do === 'write' || op.do === 'cut') this.#now.get(op.path)?.pending.push(op);
    else if (op.do === 'sync') this.#sync(op.path);
    else this.#entry(op);
  }

  #sync(path: string): void {
    const inode = this.#now.get(path);
    if (inode) {
      inode.content = settle(inode, 'all', () => 0);
      inode.pending = [];
      return;
    }
    // A folder: its names are certain now.
    this.#certain = new Map(this.#now);
    this.#entries = [];
  }

  #entry(op: Entry): void {
    if (op.do === 'make') {
      if (this.#now.has(op.path)) return;
      const inode: Inode = { content: Buffer.alloc(0), pending: [] };
      this.#entries.push({ ...op, inode });
      this.#now.set(op.path, inode);
      return;
    }
    const inode = this.#now.get(op.path);
    this.#entries.push({ ...op, inode });
    this.#now.delete(op.path);
    if (op.do === 'rename' && inode) this.#now.set(op.to, inode);
  }

  /** Files as they are after a cut here. Names change in the order in which they were asked for, up to some point. */
  cut(fate: Fate, random: () => number): Map<string, Buffer> {
    const names = new Map(this.#certain);
    const some = fate === 'some' || fate === 'torn';
    const upTo =
      fate === 'none' ? 0 : some ? Math.floor(random() * (this.#entries.length + 1)) : this.#entries.length;
    for (const entry of this.#entries.slice(0, upTo)) {
      if (entry.do === 'make' && entry.inode) names.set(entry.path, entry.inode);
      else names.delete(entry.path);
      if (entry.do === 'rename' && entry.inode) names.set(entry.to, entry.inode);
    }
    return new Map([...names].map(([path, inode]) => [path, settle(inode, fate, random)]));
  }
}

function settle(inode: Inode, fate: Fate, random: () => number): Buffer {
  let content: Buffer = Buffer.from(inode.content);
  for (const op of inode.pending) {
    if (fate === 'none') break;
    if (fate !== 'all' && random() < 0.4) continue;
    if (op.do === 'cut') {
      content = Buffer.concat([
        content.subarray(0, op.size),
        Buffer.alloc(Math.max(0, op.size - content.length)),
      ]);
    } else if (fate === 'torn') {
      for (let from = 0; from < op.data.length; from += SECTOR) {
        if (random() < 0.5) content = put(content, op.at + from, op.data.subarray(from, from + SECTOR));
      }
    } else content = put(content, op.at, op.data);
  }
  return content;
}

export interface CutOptions {
  readonly folder: string;
  readonly commits: number;
  readonly cuts: number;
  readonly seed: number;
  /**
   * Milliseconds for the cuts; the recording before them takes what it takes. Where they do not suffice for all, some are
   * left out all along the record: the last one never.
   */
  readonly millis?: number;
  readonly tell?: (line: string) => void;
}

/** @returns how many cuts were checked, and how many of them were before the store was made */
export async function powerCuts(
  options: CutOptions,
): Promise<{ cuts: number; before: number; writes: number }> {
  const { folder, commits, cuts, seed, millis = Number.POSITIVE_INFINITY, tell = () => {} } = options;
  const random = randomFrom(seed);
  const ops = record(folder, commits);
  const writes = ops.filter((op) => op.do === 'write').length;
  const syncs = ops.filter((op) => op.do === 'sync').length;
  if (writes < commits || syncs < commits)
    throw new Error(`the trace holds ${writes} writes and ${syncs} fsyncs of ${commits} commits`);
  const points = Array.from({ length: cuts }, () => Math.floor(random() * (ops.length + 1))).sort(
    (a, b) => a - b,
  );
  const fates: readonly Fate[] = ['none', 'some', 'torn', 'all'];
  const disk = new Disk();
  const copy = join(folder, 'cut');
  let [played, before, done] = [0, 0, 0];
  const begun = performance.now();
  for (const [at, point] of points.entries()) {
    const isBehind = performance.now() - begun > (millis * (at + 1)) / points.length;
    if (isBehind && at < points.length - 1) continue;
    for (; played < point; played += 1) disk.play(ops[played] as Op);
    const fate = fates[Math.floor(random() * fates.length)] as Fate;
    rmSync(copy, { recursive: true, force: true });
    mkdirSync(copy);
    const files = disk.cut(fate, random);
    for (const [path, content] of files) writeFileSync(join(copy, basename(path)), content);
    done += 1;
    if (!files.has(join(folder, 'store.db'))) {
      if (disk.acknowledged > 0) throw new Error(`after a cut at ${point} (${fate}) the store is gone`);
      before += 1;
      continue;
    }
    try {
      await check(join(copy, 'store.db'), disk, emptyModel(), 'power cut');
    } catch (error) {
      const code = (error as { code?: string }).code ?? '';
      throw new Error(
        `after a cut at ${point} of ${ops.length} (${fate}, seed ${seed}): ${code} ${(error as Error).message}`,
        { cause: error },
      );
    }
    if (done % 50 === 0) tell(`${done} cuts`);
  }
  return { cuts: done, before, writes };
}
