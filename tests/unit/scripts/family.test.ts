import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { isRunning } from '../../../scripts/lib/signal.mjs';

const HEAD = fileURLToPath(new URL('support/head.mjs', import.meta.url));
const BENCH_HEAD = fileURLToPath(new URL('support/bench-head.mjs', import.meta.url));
/** Two members, the base, and what the stubborn one has started. */
const MEMBERS = 4;

interface Started {
  readonly outer: ChildProcess;
  readonly head: number;
  readonly members: readonly number[];
}

let started: Started | undefined;
afterEach(() => {
  const { members = [], head, outer } = started ?? {};
  for (const pid of [...members, head, outer?.pid])
    if (pid !== undefined && isRunning(pid)) process.kill(pid, 9);
  started = undefined;
});

/** Starts a family; resolves when everybody in it has told its pid. */
async function start(
  command: string,
  args: readonly string[],
  env = {},
  expected = MEMBERS,
): Promise<Started> {
  const outer = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  if (outer.stdout === null) throw new Error('The head has no output.');
  let head = 0;
  const members: number[] = [];
  for await (const line of createInterface({ input: outer.stdout })) {
    const [, who, pid] = /^(head|member) (\d+)$/.exec(line) ?? [];
    if (who === 'head') head = Number(pid);
    if (who === 'member') members.push(Number(pid));
    if (head !== 0 && members.length === expected) break;
  }
  started = { outer, head, members };
  return started;
}

/** A process that has ended and that nobody has asked about yet is gone, too. */
async function untilGone(pids: readonly number[]): Promise<void> {
  while (pids.some(isRunning)) await delay(20);
}

const plain = { npm_lifecycle_event: undefined };

test('a head that is killed takes everybody along, also who does not listen and what they started', async () => {
  const { head, members } = await start(process.execPath, [HEAD], plain);
  expect(members.filter(isRunning)).toEqual(members);
  process.kill(head, 'SIGKILL');
  await untilGone(members);
});

test.each(['SIGKILL', 'SIGTERM'] as const)('a bench that gets %s leaves no server behind', async (signal) => {
  const { head, members } = await start(process.execPath, [BENCH_HEAD], plain, 2);
  process.kill(head, signal);
  await untilGone([...members, head]);
});

test('a head that is asked to end ends everybody, and then itself', async () => {
  const { head, members } = await start(process.execPath, [HEAD], plain);
  process.kill(head, 'SIGTERM');
  await untilGone([...members, head]);
});

test('a killed npm, whose shell and command live on without it, takes the family along', async () => {
  // npm runs a command in a shell; this stands where npm stands.
  const npm = `require('node:child_process').spawn('sh', ['-c', '"$0" "$1"; exit $?', process.execPath, process.argv[1]], { stdio: 'inherit' })`;
  const { outer, head, members } = await start(process.execPath, ['-e', npm, HEAD], {
    npm_lifecycle_event: 'start',
  });
  outer.kill('SIGKILL');
  await untilGone([...members, head]);
});

test('a family whose head was started by a shell that has ended goes on', async () => {
  const { outer, head, members } = await start(
    'sh',
    ['-c', `"$0" "$1" & exit 0`, process.execPath, HEAD],
    plain,
  );
  if (outer.exitCode === null) await new Promise((done) => outer.once('exit', done));
  // Longer than two looks of a head that would watch its parent.
  await delay(1_200);
  expect([head, ...members].filter(isRunning)).toEqual([head, ...members]);
  process.kill(head, 'SIGKILL');
  await untilGone(members);
});
