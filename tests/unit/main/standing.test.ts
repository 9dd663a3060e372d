import { expect, test } from 'vitest';
import { values } from '../../../electron/records/context.ts';
import type { Log } from '../../../electron/shell/log.ts';
import { Standing } from '../../../electron/sync/standing.ts';
import { firstMemory } from '../../../electron/sync/state.ts';
import type { SyncStatus } from '../../../shared/ipc/session.ts';

const HELD = { changes: 2, at: '2026-03-01T10:00:00.000Z' };

function standing({ broken = false } = {}) {
  const reads: string[] = [];
  const kept: Record<string, unknown> = { [values.heldBack]: HELD };
  const heard: SyncStatus[] = [];
  const errors: string[] = [];
  const stopped = new AbortController();
  const log: Log = {
    info: () => undefined,
    warn: () => undefined,
    error: (event) => void errors.push(event),
  };
  const made = new Standing({
    store: {
      commit: async (commit) => {
        Object.assign(kept, commit.values);
        return { commit: 1, at: 0 } as never; // nobody reads it here
      },
      outboxCount: async () => {
        reads.push('waiting');
        if (broken) throw new Error('the disk does not answer');
        return 3;
      },
      value: async (name) => {
        reads.push(name);
        return kept[name];
      },
    },
    now: () => 0,
    log,
    needYou: () => 0,
    changed: (status) => void heard.push(status),
    server: () => 'https://roadbook.example',
    stopped: stopped.signal,
  });
  return { made, reads, kept, heard, errors, stopped };
}

test('what the server keeps is read when records open and after an exchange, never while rows arrive', async () => {
  const { made, reads, kept } = standing();
  await made.load();
  expect(made.status()).toMatchObject({ waiting: 3, heldBack: HELD });

  reads.length = 0;
  for (let page = 0; page < 50; page += 1) made.progressed();
  made.recount();
  await Promise.resolve();
  expect(new Set(reads)).toEqual(new Set(['waiting']));

  kept[values.heldBack] = { ...HELD, changes: 5 };
  await made.exchanged();
  expect(reads).toContain(values.heldBack);
  expect(made.status().heldBack?.changes).toBe(5);
});

test('what the person has understood is gone at once', async () => {
  const { made, heard } = standing();
  await made.load();
  await made.understood();
  expect(heard.at(-1)?.heldBack).toBeNull();
});

test('an exchange does not undo that the person began to work before it ended', async () => {
  const { made } = standing();
  await made.load();
  await made.startWorking();
  made.remember({ ...firstMemory, firstSyncDone: true });
  expect(made.memory).toMatchObject({ firstSyncDone: true, working: true });
});

test('a store that is about to close is not asked, and one that fails is logged', async () => {
  const closing = standing();
  closing.stopped.abort();
  await closing.made.exchanged();
  expect(closing.reads).toEqual([]);

  const failing = standing({ broken: true });
  await failing.made.exchanged();
  expect(failing.errors).toEqual(['sync.count_failed']);
});
