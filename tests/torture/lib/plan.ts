import type { Commit, OutboxState, StoredDoc } from '../../../electron/store/contract.ts';
import { addDigest, subtractDigest } from '../../../shared/sync/digest.ts';

/**
 * What the n-th commit of a torture writes is a function of n, so that a parent that only knows how far its child had
 * come can say what has to be in the store: every part of it changes in every few commits.
 */

export const id = (n: number): string => `01900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const digestOf = (n: number): string => n.toString(16).padStart(32, '0');
export const ZERO = '0'.repeat(32);

/** Everything that a store holds after some commits. */
export interface Model {
  last: number;
  readonly papers: Map<string, StoredDoc>;
  person: StoredDoc | undefined;
  /** Mutation -> state of its history entry, in order. */
  readonly history: Map<string, string>;
  readonly outbox: Map<string, { state: OutboxState; number: number }>;
  readonly bases: Map<string, unknown>;
  readonly members: Map<string, string>;
  digest: string;
}

export function emptyModel(): Model {
  return {
    last: 0,
    papers: new Map(),
    person: undefined,
    history: new Map(),
    outbox: new Map(),
    bases: new Map(),
    members: new Map(),
    digest: ZERO,
  };
}

function paper(n: number, commit: number, before: StoredDoc | undefined, more: object): StoredDoc {
  const height = before ? Number.parseInt(before._rev, 10) + 1 : 1;
  return {
    id: id(n),
    _deleted: false,
    _attachments: {},
    title: `Paper word${n}z`,
    shelf: `s${n % 5}`,
    // Long ones need overflow pages: a torn one would show.
    body: { pages: n, abstract: `${'x'.repeat(n % 7 === 0 ? 9000 : 300)} text${n}z` },
    ...more,
    _rev: `${height}-c${commit}`,
    _meta: { lwt: 1_700_000_000_000 + commit },
  };
}

/** The next commit, and the model as it is after it. */
export function next(model: Model): Commit {
  model.last += 1;
  const n = model.last;
  const rows: { collection: string; previous: string | undefined; doc: StoredDoc }[] = [];
  const write = (number: number, more: object = {}) => {
    const before = model.papers.get(id(number));
    const doc = paper(number, n, before, more);
    rows.push({ collection: 'papers', previous: before?._rev, doc });
    model.papers.set(doc.id, doc);
  };
  write(2 * n);
  write(2 * n + 1);
  if (n % 3 === 0) write(2 * (n - 1), { shelf: 'moved', title: `Renamed other${2 * (n - 1)}z` });
  const gone = n % 4 === 0 ? 2 * (n - 2) + 1 : undefined;
  if (gone !== undefined) write(gone, { _deleted: true });
  // A person who is changed in every commit.
  const height = Number.parseInt(model.person?._rev ?? '0', 10) + 1;
  const person = {
    id: id(1),
    _deleted: false,
    _attachments: {},
    name: `commit ${n}`,
    _rev: `${height}-p`,
    _meta: { lwt: n },
  };
  rows.push({ collection: 'people', previous: model.person?._rev, doc: person });
  model.person = person;

  const mutation = `m${n}`;
  const said = { collection: 'papers', record: id(2 * n), field: 'f' };
  const state = 'saved';
  model.history.set(mutation, state);
  model.outbox.set(mutation, { state: 'waiting', number: 0 });
  const settled = n % 5 === 0 ? [n - 4, n - 3] : [];
  for (const one of settled) {
    model.outbox.set(`m${one}`, { state: 'accepted', number: one });
    model.history.set(`m${one}`, 'sent');
  }
  const durableThrough = n % 10 === 0 ? n - 10 : undefined;
  for (const [key, entry] of model.outbox) {
    if (durableThrough !== undefined && entry.state === 'accepted' && entry.number <= durableThrough)
      model.outbox.delete(key);
  }
  const memberships = [
    { bucket: 'b', collection: 'papers', id: id(2 * n + 1), op: 'put' as const, digest: digestOf(n) },
  ];
  model.members.set(id(2 * n + 1), digestOf(n));
  model.digest = addDigest(model.digest, digestOf(n));
  const removed = gone === undefined ? undefined : model.members.get(id(gone));
  if (gone !== undefined && removed !== undefined) {
    model.members.delete(id(gone));
    model.digest = subtractDigest(model.digest, removed);
  }
  const leaving =
    gone === undefined
      ? []
      : [{ bucket: 'b', collection: 'papers', id: id(gone), op: 'remove' as const, digest: '' }];
  const bases = [{ collection: 'papers', id: id(2 * n), base: { n } as unknown }];
  model.bases.set(id(2 * n), { n });
  if (n % 2 === 0) {
    bases.push({ collection: 'papers', id: id(2 * (n - 1)), base: null });
    model.bases.delete(id(2 * (n - 1)));
  }
  return {
    rows,
    bases,
    history: [
      {
        ...said,
        at: '',
        kind: 'change',
        name: 'n',
        from: null,
        to: n,
        user: 'u',
        device: 'd',
        deviceName: 'n',
        offline: true,
        mutation,
        state,
      },
    ],
    outbox: [{ ...said, id: mutation, group: 'g', mutation: {} }],
    settle: settled.map((one) => ({ id: `m${one}`, state: 'accepted', number: one, history: 'sent' })),
    ...(durableThrough === undefined ? {} : { durableThrough }),
    memberships: [...memberships, ...leaving],
    values: { last: n },
    search: n % 2 === 0 ? 'behind' : 'now',
  };
}

/** The model after `last` commits. */
export function advance(model: Model, last: number): Model {
  while (model.last < last) next(model);
  return model;
}
