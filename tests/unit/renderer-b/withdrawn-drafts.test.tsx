// @vitest-environment happy-dom
import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import { DraftDatabase } from '../../../renderer/drafts/database.ts';
import { Drafts } from '../../../renderer/drafts/drafts.ts';
import { openVault } from '../../../renderer/drafts/vault.ts';
import { clearWithdrawn } from '../../../renderer/drafts/withdrawn.ts';

const GONE = { collection: 'deals', id: '01900000-0000-7000-8000-000000000001' };
const HERE = { collection: 'deals', id: '01900000-0000-7000-8000-000000000002' };

let database: DraftDatabase;
afterEach(async () => {
  vi.unstubAllGlobals();
  await database.delete();
});

async function kept(name: string): Promise<Drafts> {
  database = new DraftDatabase(name);
  const drafts = new Drafts({ database, vault: await openVault(btoa('k'.repeat(32))) });
  drafts.note(`edit:deals:${GONE.id}:closeDate`, 'typed for one that leaves');
  drafts.note(`note:deals:${GONE.id}`, 'a note on it');
  drafts.note(`note:deals:${HERE.id}`, 'a note on another');
  drafts.note('create:deals', 'a new one');
  await drafts.flush();
  return drafts;
}

/** A main process in which records have left; it remembers what it is told. */
function mainProcess(number: number) {
  const said: unknown[] = [];
  const call = async (name: string, input: unknown) => {
    said.push([name, input]);
    return {
      ok: true,
      value: name === 'drafts.withdrawn' ? { number, gone: number === 0 ? [] : [GONE] } : {},
    };
  };
  vi.stubGlobal('window', { roadbook: { call, on: () => () => undefined } });
  return said;
}

const identities = async (drafts: Drafts) => (await drafts.list()).map(({ identity }) => identity).sort();

test('drafts of records that have left this device go, those of others stay, and the main process is told', async () => {
  const drafts = await kept('withdrawn-1');
  const said = mainProcess(7);
  await clearWithdrawn(drafts);
  expect(await identities(drafts)).toEqual(['create:deals', `note:deals:${HERE.id}`]);
  expect(await database.drafts.count()).toBe(2);
  expect(said).toEqual([
    ['drafts.withdrawn', { records: expect.arrayContaining([GONE, HERE]) }],
    ['drafts.cleared', { number: 7 }],
  ]);
});

test('a form that is still open when its record leaves keeps nothing more, until the record is here again', async () => {
  const drafts = await kept('withdrawn-2');
  mainProcess(7);
  drafts.note(`note:deals:${GONE.id}`, 'on its way when the record leaves');
  await clearWithdrawn(drafts);
  drafts.note(`note:deals:${GONE.id}`, 'typed on');
  await drafts.flush();
  expect(await identities(drafts)).toEqual(['create:deals', `note:deals:${HERE.id}`]);
  await drafts.load(`note:deals:${GONE.id}`);
  drafts.note(`note:deals:${GONE.id}`, 'typed again');
  await drafts.flush();
  expect(await identities(drafts)).toContain(`note:deals:${GONE.id}`);
});

test('where no record has left, no draft is touched and nothing more is said', async () => {
  const drafts = await kept('withdrawn-3');
  const said = mainProcess(0);
  await clearWithdrawn(drafts);
  expect(await database.drafts.count()).toBe(4);
  expect(said).toHaveLength(1);
});
