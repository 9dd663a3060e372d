import type { CollectionSpec, OpenOptions } from '../../../electron/store/contract.ts';
import { workerUrl } from '../../factories/store-thread.ts';

export { workerUrl };

/** Papers and people: a store that knows nothing of what Roadbook keeps in it. */
export const papers: CollectionSpec = {
  name: 'papers',
  columns: [
    { name: 'title', path: 'title', type: 'text' },
    { name: 'shelf', path: 'shelf', type: 'key' },
    { name: 'pages', path: 'body.pages', type: 'number' },
    { name: 'lent', path: 'body.lent', type: 'number' },
  ],
  search: {
    title: ['title'],
    text: ['body.abstract', 'body.mails.*.address', 'body.numbers.*'],
    parts: ['body.mails.*.address', 'body.numbers.*'],
  },
};
export const people: CollectionSpec = {
  name: 'people',
  columns: [{ name: 'name', path: 'name', type: 'text' }],
  search: { title: ['name'], text: [] },
};

export const KEY = new Uint8Array(32).fill(0x5a);

export function options(file: string, more: Partial<OpenOptions> = {}): OpenOptions {
  return {
    file,
    key: KEY,
    create: false,
    collections: [papers, people],
    owner: 'device-1',
    workerUrl,
    ...more,
  };
}
