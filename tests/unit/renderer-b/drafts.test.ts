import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DraftDatabase } from '../../../renderer/drafts/database.ts';
import { Drafts, SAVE_AFTER_MS } from '../../../renderer/drafts/drafts.ts';
import { currentDrafts, lockDrafts, unlockDrafts } from '../../../renderer/drafts/session.ts';
import { openVault } from '../../../renderer/drafts/vault.ts';

const KEY = btoa('k'.repeat(32));
const OTHER_KEY = btoa('o'.repeat(32));
let database: DraftDatabase;
let files = 0;

beforeEach(() => {
  files += 1;
  database = new DraftDatabase(`drafts-${files}`);
});
afterEach(async () => {
  await database.delete();
});

async function drafts(key = KEY, now = () => 1_511_340_060_000) {
  return new Drafts({ database, vault: await openVault(key), now });
}

async function stored(): Promise<number> {
  return await database.drafts.count();
}

describe('drafts', () => {
  it('are written within 300 ms of a keystroke, even when typing never pauses', async () => {
    const asked: { ms: number; act: () => void }[] = [];
    const kept = new Drafts({
      database,
      vault: await openVault(KEY),
      after: (ms, act) => {
        asked.push({ ms, act });
        return () => undefined;
      },
    });
    // Each letter comes before the last one was written: none of them may push the writing back.
    for (const text of ['I', 'Is', 'Isd']) kept.note('note:deals:1', text);
    expect(asked.map(({ ms }) => ms)).toEqual([SAVE_AFTER_MS]);
    expect(SAVE_AFTER_MS).toBeLessThan(300);
    asked[0]?.act();
    await kept.flush();
    expect((await kept.load('note:deals:1'))?.payload).toBe('Isd');
  });

  it('come back with their time after the window died', async () => {
    const before = await drafts();
    before.note('create:deals', { name: 'Isdom GTX Pro' });
    await before.flush();
    const after = await drafts();
    expect(await after.load('create:deals')).toEqual({
      identity: 'create:deals',
      at: 1_511_340_060_000,
      payload: { name: 'Isdom GTX Pro' },
    });
  });

  it('show the disk neither what was typed nor which form it was typed into', async () => {
    const kept = await drafts();
    kept.note('edit:contacts:canary-id:lastName', 'CanaryOkafor');
    await kept.flush();
    const [entry] = await database.drafts.toArray();
    const bytes = new Uint8Array(entry?.data ?? new ArrayBuffer(0));
    const seen = `${entry?.slot} ${new TextDecoder('latin1').decode(bytes)}`;
    expect(bytes.length).toBeGreaterThan(20);
    expect(entry?.slot).toMatch(/^[0-9a-f]{64}$/);
    expect(seen).not.toMatch(/canary/i);
    expect(seen).not.toContain('contacts');
    expect(Object.keys(entry ?? {}).sort()).toEqual(['at', 'data', 'iv', 'slot']);
  });

  it('go when the form is saved, even while their write is still on its way', async () => {
    const kept = await drafts();
    kept.note('note:deals:1', 'half a sen');
    const flushed = kept.flush();
    kept.note('note:deals:1', 'half a sentence');
    await kept.drop('note:deals:1');
    await flushed;
    await new Promise((resolve) => setTimeout(resolve, SAVE_AFTER_MS + 20));
    expect(await stored()).toBe(0);
  });

  it('of another key are neither shown nor thrown away', async () => {
    const theirs = await drafts(OTHER_KEY);
    theirs.note('create:leads', { lastName: 'Duarte' });
    await theirs.flush();
    const mine = await drafts();
    expect(await mine.load('create:leads')).toBeNull();
    expect(await mine.list()).toEqual([]);
    expect(await stored()).toBe(1);
    expect(await theirs.list()).toHaveLength(1);
  });

  it('cannot be laid in the place of another form', async () => {
    const kept = await drafts();
    kept.note('note:deals:1', 'for deal one');
    kept.note('note:deals:2', 'for deal two');
    await kept.flush();
    const vault = await openVault(KEY);
    const [one, two] = [await vault.slot('note:deals:1'), await vault.slot('note:deals:2')];
    const second = await database.drafts.get(two);
    if (second === undefined) throw new Error('the second draft is missing');
    await database.drafts.put({ ...second, slot: one });
    expect(await kept.load('note:deals:1')).toBeNull();
  });

  it('list newest first', async () => {
    let now = 1;
    const kept = await drafts(KEY, () => now);
    kept.note('create:deals', 1);
    await kept.flush();
    now = 2;
    kept.note('create:leads', 2);
    await kept.flush();
    expect((await kept.list()).map((draft) => draft.identity)).toEqual(['create:leads', 'create:deals']);
  });
});

describe('the session of drafts', () => {
  it('writes what was typed and forgets the key on locking', async () => {
    const open = await unlockDrafts(async () => KEY);
    open.note('note:deals:9', 'typed just before the lid closed');
    await lockDrafts();
    expect(await currentDrafts()).toBeNull();
    const again = await unlockDrafts(async () => KEY);
    expect((await again.load('note:deals:9'))?.payload).toBe('typed just before the lid closed');
    await again.drop('note:deals:9');
    await lockDrafts();
  });

  it('leaves forms usable when the key cannot be had, and asks again next time', async () => {
    await expect(unlockDrafts(() => Promise.reject(new Error('locked')))).rejects.toThrow('locked');
    expect(await currentDrafts()).toBeNull();
    await unlockDrafts(async () => KEY);
    expect(await currentDrafts()).not.toBeNull();
    await lockDrafts();
  });
});
