import { type ChildProcess, fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addDigest } from '../../../shared/sync/digest.ts';
import type { ChildMessage } from './child-writer.ts';
import { folder, id, open } from './helpers.ts';

const KILLS = Number(process.env.ROADBOOK_KILLS ?? 25);

/** Acknowledged commits, as the parent has heard of them: the child's memory dies with it. */
interface Journal {
  acknowledged: number;
  started: number;
}

/** Lets a child write, kills it at a random moment, and returns once it is gone. */
async function writeAndKill(file: string, journal: Journal, wait: number): Promise<void> {
  const child: ChildProcess = fork(
    join(import.meta.dirname, 'child-writer.ts'),
    [file, String(journal.acknowledged)],
    {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: [],
    },
  );
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  let timer: NodeJS.Timeout | undefined;
  child.on('message', (message: ChildMessage) => {
    if (message.type === 'starting') journal.started = Math.max(journal.started, message.commit);
    if (message.type === 'done') journal.acknowledged = Math.max(journal.acknowledged, message.commit);
    // The clock of the kill starts when the first commit is under way.
    timer ??= setTimeout(() => child.kill('SIGKILL'), wait);
  });
  await gone;
  clearTimeout(timer);
}

/** Everything that one commit of the child writes is there, or nothing of it: see child-writer.ts. */
async function check(file: string, journal: Journal): Promise<number> {
  const store = await open(file);
  const last = ((await store.value('last')) as number | undefined) ?? 0;
  // What was acknowledged is there; of what was under way, all or nothing.
  expect(last).toBeGreaterThanOrEqual(journal.acknowledged);
  expect(last).toBeLessThanOrEqual(Math.max(journal.started, journal.acknowledged));
  const numbers = Array.from({ length: last }, (_, n) => n + 1);
  const docs = await store.get(
    'papers',
    Array.from({ length: last + 1 }, (_, n) => [id(2 * (n + 1)), id(2 * (n + 1) + 1)]).flat(),
  );
  expect(docs.length).toBe(2 * last);
  expect(await store.get('people', [id(1)])).toMatchObject(last === 0 ? [] : [{ name: `commit ${last}` }]);
  expect(await store.historyCount({})).toEqual({ count: last, total: last });
  expect(await store.verifyHistory()).toMatchObject({ ok: true, entries: last });
  expect(await store.outboxCount()).toBe(last);
  const digest = numbers.map((n) => n.toString(16).padStart(32, '0')).reduce(addDigest, '0'.repeat(32));
  expect(await store.bucketDigest('b')).toBe(digest);
  expect(await store.recomputeDigest('b')).toBe(digest);
  await expect.poll(async () => (await store.search({ text: 'paper', limit: 1 })).complete).toBe(true);
  const hits = await store.search({ text: `word${last}`, limit: 5 });
  if (last > 0) expect(hits.hits.map((hit) => hit.doc.id)).toContain(id(2 * last));
  await store.close();
  return last;
}

describe('a process that is killed while it writes', () => {
  it(
    `leaves of every commit all or nothing, and nothing acknowledged is lost (${KILLS} kills)`,
    async () => {
      const file = join(folder(), 'store.db');
      await (await open(file, { create: true })).close();
      const journal: Journal = { acknowledged: 0, started: 0 };
      const waits: number[] = [];
      for (let kill = 0; kill < KILLS; kill += 1) {
        waits.push(randomInt(1, 120));
        await writeAndKill(file, journal, waits.at(-1) as number);
        try {
          journal.acknowledged = await check(file, journal);
          journal.started = journal.acknowledged;
        } catch (error) {
          throw new Error(`after kills at ${waits.join(', ')} ms`, { cause: error });
        }
      }
      expect(journal.acknowledged).toBeGreaterThan(KILLS);
    },
    10_000 + KILLS * 8000,
  );
});
