import { type ChildProcess, fork } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { STEPS, type Step } from '../../../electron/store/engine/steps.ts';
import { check } from './check.ts';
import { randomFrom } from './options.ts';
import { emptyModel } from './plan.ts';
import { STRUCK } from './struck.ts';
import type { WriterMessage } from './writer.ts';

/** How a writer is killed: at a moment (milliseconds after its first commit), or at the n-th time of a step. */
export type Kill = { readonly at: number } | { readonly step: Step; readonly after: number };

/** Commits between two closings of the store: so is the end of a run killed too. */
const BETWEEN = 25;
/** Kills that one file lives through; the checks grow with what is in it. */
const A_LIFE = 40;

/** Each step once, or as often as asked, and moments for the rest. */
export function killsOf(count: number, seed: number): Kill[] {
  const random = randomFrom(seed);
  const steps = STEPS.map(
    (step): Kill => ({ step, after: step.startsWith('commit') ? 1 + Math.floor(random() * 20) : 1 }),
  );
  const kills = Array.from({ length: Math.max(0, count - steps.length) }, (): Kill => {
    if (random() < 0.75) return { at: Math.floor(random() ** 2 * 400) };
    const step = STEPS[Math.floor(random() * STEPS.length)] as Step;
    return { step, after: 1 + Math.floor(random() * timesOf(step)) };
  });
  return [...steps, ...kills]
    .map((kill) => ({ kill, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ kill }) => kill);
}

/** How often a writer may come to a step before it has written its last commit: a store is made only once. */
function timesOf(step: Step): number {
  if (step.startsWith('create')) return 1;
  return step.startsWith('commit') ? BETWEEN : 2;
}

interface Journal {
  acknowledged: number;
  started: number;
}

/** A writer that has not been killed by then, because its step does not come, is killed. */
const MOST_COMMITS = 80;
const LIMIT = 20_000;

/**
 * Lets a child write until it is killed; what it said is kept here, outside of it.
 * @returns whether it died at the step it was to die at
 */
async function writeAndKill(file: string, kill: Kill, journal: Journal): Promise<boolean> {
  const worker = new URL('./dying-worker.ts', import.meta.url);
  const env = 'step' in kill ? { DIE_AT: kill.step, DIE_AFTER: String(kill.after) } : {};
  const child: ChildProcess = fork(
    join(import.meta.dirname, 'writer.ts'),
    [file, String(BETWEEN), worker.href],
    {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      env: { ...process.env, ...env },
    },
  );
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += String(chunk);
  });
  const gone = new Promise<string | null>((done) => child.once('close', (_, signal) => done(signal)));
  let timer = setTimeout(() => child.kill('SIGKILL'), LIMIT);
  const first = journal.acknowledged;
  let clockRuns = false;
  child.on('message', (message: WriterMessage) => {
    if (message.type === 'starting') journal.started = Math.max(journal.started, message.commit);
    else journal.acknowledged = Math.max(journal.acknowledged, message.commit);
    if (journal.acknowledged - first >= MOST_COMMITS) child.kill('SIGKILL');
    if (clockRuns || !('at' in kill)) return;
    clockRuns = true;
    clearTimeout(timer);
    timer = setTimeout(() => child.kill('SIGKILL'), kill.at);
  });
  const signal = await gone;
  clearTimeout(timer);
  if (signal !== 'SIGKILL') throw new Error(`the writer ended by itself:\n${said}`);
  return said.includes(STRUCK);
}

export interface KillOptions {
  readonly folder: string;
  readonly kills: readonly Kill[];
  /** Milliseconds on performance.now() at which to stop. */
  readonly until?: number;
  readonly tell?: (line: string) => void;
}

export interface Survived {
  readonly kills: number;
  readonly commits: number;
  /** Kills that were to come at a step, and those of them that did: the others came after many commits. */
  readonly asked: number;
  readonly struck: number;
}

/**
 * Kills a writer again and again over the same file, and after each kill checks a copy of what it left: so the next
 * writer meets what the kill left, not what the check made of it.
 * @returns what was checked
 */
export async function torture(options: KillOptions): Promise<Survived> {
  const { folder, kills, until = Number.POSITIVE_INFINITY, tell = () => {} } = options;
  const file = join(folder, 'store.db');
  const copy = join(folder, 'copy');
  let [done, lived, commits, model] = [0, 0, 0, emptyModel()];
  let [asked, struck] = [0, 0];
  let journal: Journal = { acknowledged: 0, started: 0 };
  for (const kill of kills) {
    if (performance.now() > until) break;
    const making = 'step' in kill && kill.step.startsWith('create');
    if (lived >= A_LIFE || making) {
      lived = 0;
      for (const suffix of SUFFIXES) rmSync(file + suffix, { force: true });
      commits += model.last;
      [model, journal] = [emptyModel(), { acknowledged: 0, started: 0 }];
    }
    try {
      const atStep = await writeAndKill(file, kill, journal);
      if ('step' in kill) asked += 1;
      if (atStep) struck += 1;
      // Killed while it was being made: there is no store yet, and none was promised.
      if (existsSync(file)) {
        rmSync(copy, { recursive: true, force: true });
        mkdirSync(copy);
        for (const suffix of SUFFIXES)
          if (existsSync(file + suffix)) copyFileSync(file + suffix, join(copy, `store.db${suffix}`));
        journal.acknowledged = await check(join(copy, 'store.db'), journal, model, 'kill');
        journal.started = journal.acknowledged;
      } else if (journal.acknowledged > 0) throw new Error('the store is gone');
    } catch (error) {
      throw new Error(`after kill ${done + 1}, ${JSON.stringify(kill)}: ${(error as Error).message}`, {
        cause: error,
      });
    }
    done += 1;
    lived += 1;
    if (done % 25 === 0) tell(`${done} kills, ${commits + model.last} commits`);
  }
  return { kills: done, commits: commits + model.last, asked, struck };
}

const SUFFIXES = ['', '-wal', '.head', '.new', '.new-wal'];
