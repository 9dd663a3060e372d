import { openStore } from '../../../electron/store/open.ts';
import { options } from './options.ts';

export type ChildMessage = { readonly type: 'starting' | 'done'; readonly commit: number };

/** Writes one commit after the other, each touching every part of the store, until it is killed. */
const [file = '', from = '0'] = process.argv.slice(2);
const id = (n: number) => `01900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const say = (message: ChildMessage) => process.send?.(message);

const store = await openStore(options(file));
let [person] = await store.get('people', [id(1)]);
for (let commit = Number(from) + 1; ; commit += 1) {
  const meta = { _deleted: false, _rev: `${commit}-a`, _meta: { lwt: commit }, _attachments: {} };
  const papers = [2 * commit, 2 * commit + 1].map((n) => ({
    collection: 'papers',
    previous: undefined,
    doc: {
      ...meta,
      id: id(n),
      title: `Paper word${commit}`,
      shelf: 's',
      body: { pages: n, abstract: 'x'.repeat(2000) },
    },
  }));
  const before = person?._rev;
  person = { ...meta, id: id(1), name: `commit ${commit}` };
  say({ type: 'starting', commit });
  await store.commit({
    rows: [...papers, { collection: 'people', previous: before, doc: person }],
    history: [
      {
        at: '',
        kind: 'change',
        collection: 'papers',
        record: id(2 * commit),
        name: 'n',
        field: 'f',
        from: null,
        to: commit,
        user: 'u',
        device: 'd',
        deviceName: 'n',
        offline: true,
        mutation: `m${commit}`,
        state: 'saved',
      },
    ],
    outbox: [
      {
        id: `m${commit}`,
        group: 'g',
        collection: 'papers',
        record: id(2 * commit),
        field: 'f',
        mutation: {},
      },
    ],
    memberships: [
      {
        bucket: 'b',
        collection: 'papers',
        id: id(2 * commit),
        op: 'put',
        digest: commit.toString(16).padStart(32, '0'),
      },
    ],
    values: { last: commit },
    search: commit % 2 === 0 ? 'behind' : 'now',
  });
  say({ type: 'done', commit });
}
