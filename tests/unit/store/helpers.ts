import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { OpenOptions, StoredDoc } from '../../../electron/store/contract.ts';
import { Engine, type EngineOptions } from '../../../electron/store/engine/engine.ts';
import { openStore, type Store } from '../../../electron/store/open.ts';
import { KEY, options } from './options.ts';

export { KEY, options };

const folders: string[] = [];
const stores: Store[] = [];

afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'roadbook-store-'));
  folders.push(made);
  return made;
}

/** Opens a store that is closed after the test. */
export async function open(file: string, more: Partial<OpenOptions> = {}): Promise<Store> {
  const store = await openStore(options(file, more));
  stores.push(store);
  return store;
}

/** A store without its thread: work behind the commits is done when the test says so. The test closes it. */
export function engineWith(more: Partial<EngineOptions> = {}): Engine {
  const { file, ...rest } = options(more.file ?? join(folder(), 'store.db'), { create: true });
  return new Engine({ file, ...rest, acceptOlder: false, nativeBinding: undefined, ...more }, () => {});
}

export async function fresh(more: Partial<OpenOptions> = {}): Promise<{ store: Store; file: string }> {
  const file = join(folder(), 'store.db');
  return { store: await open(file, { create: true, ...more }), file };
}

let lwt = 1_700_000_000_000;

export function id(n: number): string {
  return `01900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
}

export function paper(n: number, members: Record<string, unknown> = {}): StoredDoc {
  lwt += 1;
  return {
    id: id(n),
    _deleted: false,
    _rev: '1-a',
    _meta: { lwt },
    _attachments: {},
    title: `Paper ${n}`,
    shelf: `s${n % 7}`,
    body: { pages: n, lent: n % 2 === 0, abstract: `about ${n}` },
    ...members,
  };
}

/** The next revision of a document. */
export function changed(doc: StoredDoc, members: Record<string, unknown>): StoredDoc {
  lwt += 1;
  const height = Number.parseInt(doc._rev, 10) + 1;
  return { ...doc, ...members, _rev: `${height}-a`, _meta: { lwt } } as StoredDoc;
}

export function put(doc: StoredDoc, previous?: StoredDoc, collection = 'papers') {
  return { collection, doc, previous: previous?._rev };
}

export function entry(mutation: string, members: Record<string, unknown> = {}) {
  return {
    at: '2026-01-01T00:00:00.000Z',
    kind: 'change',
    collection: 'papers',
    record: id(1),
    name: 'Paper 1',
    field: 'title',
    from: 'old',
    to: 'new',
    user: 'u1',
    device: 'd1',
    deviceName: 'Laptop',
    offline: false,
    mutation,
    state: 'saved',
    ...members,
  };
}

/** Every file of a folder with its bytes. */
export function contents(dir: string): Record<string, string> {
  const names = readdirSync(dir).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(dir, name)).toString('base64')]));
}

/** Waits until a condition holds; the test's own time limit ends it. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((done) => setTimeout(done, 10));
}

export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return (error as { code?: string }).code ?? `uncoded: ${String(error)}`;
  }
  return 'no error';
}
