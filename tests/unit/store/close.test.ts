import { Worker } from 'node:worker_threads';
import { expect, it, vi } from 'vitest';
import { openStore } from '../../../electron/store/open.ts';
import { codeOf, folder, fresh, options, paper, put } from './helpers.ts';

it('a closed store’s thread ends by itself: nobody ends it in the middle of native code', async () => {
  const terminate = vi.spyOn(Worker.prototype, 'terminate');
  const { store } = await fresh();
  await store.commit({
    rows: Array.from({ length: 1000 }, (_, n) => put(paper(n))),
    search: 'behind',
  });
  await store.close();
  expect(await codeOf(openStore(options(`${folder()}/none.db`)))).toBe('store.missing');
  expect(terminate).not.toHaveBeenCalled();
});

it('what is still at work when the store is closed is answered, at the latest with store.closed', async () => {
  const { store } = await fresh();
  await store.commit({ rows: Array.from({ length: 50 }, (_, n) => put(paper(n))) });
  const asked = [store.counts(), store.verifyHistory(), store.search({ text: 'paper', limit: 1 })];
  const outcomes = Promise.all(asked.map(codeOf));
  await store.close();
  for (const outcome of await outcomes) expect(['no error', 'store.closed']).toContain(outcome);
  expect(await codeOf(store.counts())).toBe('store.closed');
});
