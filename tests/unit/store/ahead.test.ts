import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { warmUp } from '../../../electron/store/engine/warm.ts';
import { openStore, prepareStore } from '../../../electron/store/open.ts';
import { options, workerUrl } from './options.ts';

describe('a thread started ahead', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'roadbook-ahead-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('serves one store; the next store gets a thread of its own', async () => {
    prepareStore(workerUrl);
    prepareStore(workerUrl);
    const first = await openStore(options(join(folder, 'a.db'), { create: true }));
    const second = await openStore(options(join(folder, 'b.db'), { create: true }));
    await first.commit({ values: { whose: 'first' } });
    await second.commit({ values: { whose: 'second' } });
    expect([await first.value('whose'), await second.value('whose')]).toEqual(['first', 'second']);
    await first.close();
    expect(await second.value('whose')).toBe('second');
    await second.close();
  });

  it('has run once over a database in memory what opening runs, and leaves no file', () => {
    warmUp(undefined);
    expect([':memory:', ':memory:.head'].filter((name) => existsSync(name))).toEqual([]);
    // With a module that does not fit it says so, and the thread serves all the same.
    expect(() => warmUp(join(folder, 'none.node'))).toThrow();
  });

  it('that could not start holds up no store', async () => {
    prepareStore(new URL('./no-such-worker.ts', import.meta.url));
    const store = await openStore(options(join(folder, 'c.db'), { create: true }));
    expect(await store.outboxCount()).toBe(0);
    await store.close();
  });

  it('and never wanted lets the process end', async () => {
    // A thread of its own stands for the process: it ends when nothing in it is left to wait for.
    const open = new URL('../../../electron/store/open.ts', import.meta.url).href;
    const code = `import { prepareStore } from '${open}'; prepareStore(new URL('${workerUrl.href}'));`;
    const process = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), { execArgv: [] });
    const ended = await new Promise((done, fail) => {
      process.once('exit', done);
      process.once('error', fail);
    });
    expect(ended).toBe(0);
  });
});
