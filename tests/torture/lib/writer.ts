import { existsSync } from 'node:fs';
import { openStore } from '../../../electron/store/open.ts';
import { options, workerUrl } from '../../unit/store/options.ts';
import { advance, emptyModel, next } from './plan.ts';

export type WriterMessage = { readonly type: 'starting' | 'done'; readonly commit: number };

/**
 * Writes one commit of the plan after the other until it is killed, closing and opening the store between some.
 * Arguments: file, commits between two closings (0: never), address of the thread's code.
 */
const [file = '', between = '0', worker = workerUrl.href] = process.argv.slice(2);
const say = (message: WriterMessage) => process.send?.(message);
const open = () => openStore(options(file, { create: !existsSync(file), workerUrl: new URL(worker) }));

let store = await open();
const model = advance(emptyModel(), ((await store.value('last')) as number | undefined) ?? 0);
for (let round = 1; ; round += 1) {
  const commit = next(model);
  say({ type: 'starting', commit: model.last });
  await store.commit(commit);
  say({ type: 'done', commit: model.last });
  if (round % Number(between) === 0) {
    await store.close();
    store = await open();
  }
}
