import { expect, test } from 'vitest';
import type { Store } from '../../electron/store/open.ts';
import { routes, type SyncReport } from '../../shared/sync/wire.ts';
import { newId } from '../factories/server.ts';
import { clearText, type Member, territories } from './support/territories.ts';
import { until } from './support/until.ts';

const WORDS = {
  name: 'Xylophonbauer',
  note: 'Nachtwanderweg',
  mail: 'canary@quokkaland.example',
  edit: 'Ungesendeteswort',
} as const;
const planted = (text: string) => Object.values(WORDS).filter((word) => text.includes(word.toLowerCase()));

const account = ({ device }: Member, values: Record<string, unknown> = {}) =>
  device.workspace.pages.create('accounts', { name: WORDS.name, ...values });

const names = async ({ device }: Member, collection = 'accounts') =>
  (await device.all(collection)).map((row) => row.name).sort();

/** Digests agree with the server and with what lies on the disk. */
async function expectWhole({ device }: Member): Promise<void> {
  const status = device.workspace.sync.status();
  expect([status.error, status.state]).toEqual([null, 'online']);
  for (const bucket of await device.store.buckets()) {
    const stored = await (device.store as Store).recomputeDigest(bucket);
    expect(await device.store.bucketDigest(bucket)).toBe(stored);
  }
}

test('of a lost territory nothing is left on the device: not in the store, search, history, drafts or backups', async () => {
  const { north, south, join, move } = await territories();
  const mia = await join('Mia', north, { role: 'manager' });
  const told: string[] = [];
  const ben = await join('Ben', north, { emit: (name) => void told.push(name) });
  const made = await account(mia, { description: WORDS.note });
  await mia.device.workspace.pages.create('contacts', {
    lastName: WORDS.name,
    emails: [{ id: newId(), type: 'work', address: WORDS.mail }],
  });
  for (let i = 0; i < 60; i += 1) await account(mia, { name: `${WORDS.name} ${i}` });
  await mia.device.sync();
  await account(ben, { name: 'Own account' });
  await ben.device.sync();
  await ben.device.update('accounts', made.id, { description: `${WORDS.note} ${WORDS.edit}` });
  await ben.device.sync();
  await ben.device.workspace.backups.make('asked');
  expect(planted(await clearText(ben.device))).toHaveLength(4);
  expect(await names(ben)).toHaveLength(62);

  const reports: SyncReport[] = [];
  ben.device.network.before((url, body) => {
    if (url.endsWith(routes.report)) reports.push(body as SyncReport);
  });
  await move(ben, { territory: south });
  await ben.device.sync();
  // What Ben owns is here for another reason.
  expect(await names(ben)).toEqual(['Own account']);
  expect(await names(ben, 'contacts')).toEqual([]);
  // What moves on the live stream may bring about another exchange, in which nothing leaves any more.
  expect(reports.map(({ removed }) => removed).filter((removed) => removed !== 0)).toEqual([62]);
  expect(reports.at(-1)?.holds).not.toContain(`territory:${north}`);
  expect(told).toContain('records.withdrawn');
  const { store, workspace } = ben.device;
  expect((await workspace.search({ text: WORDS.name, limit: 10 })).hits).toEqual([]);
  expect(await store.historyCount({ text: WORDS.edit })).toMatchObject({ count: 0 });
  expect(await store.verifyHistory()).toMatchObject({ ok: true });
  expect(await workspace.audit.ofRecord('accounts', made.id, 9)).toEqual({ entries: [] });
  await expectWhole(ben);

  const draft = { collection: 'accounts', id: made.id };
  const own = { collection: 'accounts', id: (await ben.device.all('accounts'))[0]?.id ?? '' };
  expect((await workspace.withdrawn.draftsToClear([draft, own])).gone).toEqual([draft]);
  await until('the old backup was replaced', async () => (await workspace.withdrawn.backupsUpTo()) === 0);
  expect(await workspace.backups.list()).toHaveLength(1);
  await until('words were forgotten', async () => (await (store as Store).stats()).settled);
  expect(planted(await clearText(ben.device))).toEqual([]);
  // The window had not said that its drafts are gone.
  const again = await ben.device.workspace.withdrawn.draftsToClear([draft, own]);
  expect(again.gone).toEqual([draft]);
  await ben.device.workspace.withdrawn.draftsCleared(again.number);
  expect(await ben.device.workspace.withdrawn.draftsToClear([draft])).toEqual({ number: 0, gone: [] });

  // And back again.
  await move(ben, { territory: north });
  await ben.device.sync();
  expect(await names(ben)).toHaveLength(62);
  expect((await ben.device.workspace.search({ text: WORDS.name, limit: 10 })).hits).toHaveLength(10);
  await expectWhole(ben);
});

test('an edit made while its record is being withdrawn reaches the quarantine, and neither stays nor deletes anything', async () => {
  const { server, north, south, join, move } = await territories();
  const mia = await join('Mia', north, { role: 'manager' });
  const ben = await join('Ben', north);
  const made = await account(mia);
  const other = await account(mia, { name: 'Another' });
  await mia.device.sync();
  await ben.device.sync();
  await ben.device.goOffline();
  await ben.device.update('accounts', other.id, { description: 'made before' });
  await move(ben, { territory: south });
  let edited = false;
  ben.device.network.before(async (url) => {
    if (!url.endsWith(routes.pull) || edited) return;
    edited = true;
    await ben.device.update('accounts', made.id, { description: WORDS.edit });
    await ben.device.workspace.pages.remove('accounts', other.id);
  });
  await ben.device.goOnline();
  expect(edited).toBe(true);
  expect(await names(ben)).toEqual([]);
  expect(await ben.device.store.get('accounts', [made.id, other.id])).toEqual([]);
  for (const state of ['waiting', 'accepted', 'refused', 'quarantined'] as const) {
    expect(await ben.device.store.outbox(state, 10)).toEqual([]);
  }
  expect(await ben.device.all('inbox')).toEqual([]);
  // Their author is told that there are some, without the values, until they have taken note.
  expect(ben.device.workspace.sync.status().heldBack).toMatchObject({ changes: 3 });
  await ben.device.restart();
  expect(ben.device.workspace.sync.status().heldBack).toMatchObject({ changes: 3 });
  await ben.device.workspace.sync.understood();
  expect(ben.device.workspace.sync.status().heldBack).toBeNull();
  const kept = await server.store.db.selectFrom('quarantine').selectAll().execute();
  expect(JSON.stringify(kept)).toContain(WORDS.edit);
  expect(JSON.stringify(kept)).toContain('made before');
  expect(kept).toHaveLength(3);
  await mia.device.sync();
  expect(await names(mia)).toEqual(['Another', WORDS.name]);
  // It was started again above, and may not have been in contact since.
  await ben.device.sync();
  await expectWhole(ben);
});

test('who sees less from now on keeps the history of what stays, in however many pages it comes, and of nothing else', async () => {
  const { north, south, join, reach } = await territories('company');
  const mia = await join('Mia', south, { role: 'manager' });
  const ben = await join('Ben', north, { pageRows: 20 });
  const gone = await account(mia);
  for (let i = 0; i < 50; i += 1) await account(mia, { name: `South ${i}` });
  await mia.device.sync();
  await ben.device.sync();
  for (let i = 0; i < 30; i += 1) await account(ben, { name: `North ${i}` });
  const own = await account(ben, { name: 'Own' });
  await ben.device.update('accounts', own.id, { description: 'First words' });
  await ben.device.update('accounts', gone.id, { description: WORDS.edit });
  await ben.device.sync();
  for (let i = 0; i < 30; i += 1) await account(ben, { name: `Last ${i}` });
  await ben.device.sync();
  const toldOf = async (id: string) =>
    (await ben.device.store.historyRows({ record: id }, 0, 9))
      .map(({ to }) => to)
      .filter((to) => to !== null);
  expect(await toldOf(gone.id)).toContain(WORDS.edit);
  const told = await toldOf(own.id);
  expect(told).toContain('First words');
  const accepted = (await ben.device.store.outbox('accepted', 500)).length;

  await reach('rep', 'territory');
  await ben.device.sync();
  expect(await names(ben)).toHaveLength(61);
  expect(await toldOf(own.id)).toEqual(told);
  expect(await toldOf(gone.id)).toEqual([]);
  // What the server may yet lose is held for as long as its record is here.
  expect(await ben.device.store.outbox('accepted', 500)).toHaveLength(accepted - 1);
  expect(await ben.device.store.value('leaving')).toBeUndefined();
  expect(await ben.device.store.verifyHistory()).toMatchObject({ ok: true });
  await expectWhole(ben);
});

test('a row that two buckets hold stays until it has left both, with one digest in each', async () => {
  const { north, south, join } = await territories();
  const mia = await join('Mia', north, { role: 'manager' });
  const sue = await join('Sue', south, { role: 'manager' });
  const ben = await join('Ben', north);
  const { id } = await account(ben, { name: 'Held twice' });
  await ben.device.sync();
  const held = async () => (await ben.device.store.memberships('accounts', [id]))[id] ?? [];
  const handTo = async (who: Member) => {
    await mia.device.sync();
    await mia.device.update('accounts', id, { owner: who.person.id });
    await mia.device.sync();
    await ben.device.sync();
    await expectWhole(ben);
  };
  await expectWhole(ben);
  expect((await held()).map(({ bucket }) => bucket).sort()).toEqual([
    `owner:${ben.person.id}`,
    `territory:${north}`,
  ]);
  expect(new Set((await held()).map(({ digest }) => digest)).size).toBe(1);

  await handTo(mia);
  expect(await names(ben)).toEqual(['Held twice']);
  expect((await held()).map(({ bucket }) => bucket)).toEqual([`territory:${north}`]);

  await handTo(sue);
  expect(await names(ben)).toEqual([]);
  expect(await ben.device.store.get('accounts', [id])).toEqual([]);
  // That it left is no deletion: the others have it, and it may come again.
  expect(await names(mia)).toEqual(['Held twice']);
  await handTo(ben);
  expect(await names(ben)).toEqual(['Held twice']);
  expect(await held()).toHaveLength(2);
});

test('a record that somebody makes for another and may not see leaves the device that made it', async () => {
  const { north, join } = await territories('own');
  const mia = await join('Mia', north, { role: 'manager' });
  const ben = await join('Ben', north);
  await account(ben, { owner: mia.person.id });
  await ben.device.sync();
  await ben.device.sync();
  expect(await names(ben)).toEqual([]);
  expect(await ben.device.store.outbox('accepted', 10)).toEqual([]);
  await mia.device.sync();
  expect(await names(mia)).toEqual([WORDS.name]);
  await expectWhole(ben);
});

test('whoever becomes a rep loses what reps do not see, in rows and history, and may not set it; the window is told', async () => {
  const { north, join, move } = await territories('company');
  const admin = await join('Ada', '', { role: 'admin' });
  const heard: { role: string }[] = [];
  const mia = await join('Mia', north, { role: 'manager', became: (user) => heard.push(user) });
  const product = await mia.device.workspace.pages.create('products', {
    name: 'Rack',
    price: { minor: 100, currency: 'USD' },
    cost: { minor: 4_711_815, currency: 'USD' },
  });
  await account(mia);
  await mia.device.sync();
  expect(await clearText(mia.device)).toContain('4711815');
  await move(mia, { role: 'rep' });
  await mia.device.sync();
  expect(heard.at(-1)?.role).toBe('rep');
  expect(await mia.device.store.value('session')).toMatchObject({ user: { role: 'rep' } });
  const body = (await mia.device.get('products', product.id)).body;
  expect([body.name, 'cost' in body]).toEqual(['Rack', false]);
  expect(await names(mia)).toEqual([WORDS.name]);
  await expect(mia.device.update('products', product.id, { name: 'Other' })).rejects.toMatchObject({
    code: 'permission.denied',
  });
  await expectWhole(mia);
  await until('words were forgotten', async () => (await (mia.device.store as Store).stats()).settled);
  expect(await clearText(mia.device)).not.toContain('4711815');

  await move(mia, { role: 'manager' });
  await mia.device.sync();
  expect((await mia.device.get('products', product.id)).body.cost).toMatchObject({ minor: 4_711_815 });
  await mia.device.update('products', product.id, { cost: { minor: 5, currency: 'USD' } });
  await mia.device.sync();
  await admin.device.sync();
  expect((await admin.device.get('products', product.id)).body.cost).toMatchObject({ minor: 5 });
  await expectWhole(mia);
});

test('a record whose edit the server does not decide stays with its edit, and both are settled once it does', async () => {
  const { server, north, south, join, move } = await territories();
  const mia = await join('Mia', north, { role: 'manager' });
  const ben = await join('Ben', north);
  const made = await account(mia);
  await account(mia, { name: 'Another' });
  await mia.device.sync();
  await ben.device.sync();
  await ben.device.goOffline();
  await ben.device.update('accounts', made.id, { description: WORDS.edit });
  await move(ben, { territory: south });
  const { epoch } = (await ben.device.store.value('checkpoint')) as { epoch: string };
  ben.device.network.answer((path) =>
    path.endsWith(routes.push)
      ? Response.json({ epoch, verdicts: [], durableThrough: 0, serverTime: new Date().toISOString() })
      : undefined,
  );
  ben.device.network.mend();
  const status = await ben.device.workspace.sync.now();
  expect([status.state, status.error?.code, status.waiting]).toEqual(['error', 'sync.edits_wait', 1]);
  expect((await ben.device.get('accounts', made.id)).body.description).toBe(WORDS.edit);

  ben.device.network.answer(() => undefined);
  await ben.device.sync();
  expect(await names(ben)).toEqual([]);
  expect(await ben.device.store.outboxCount()).toBe(0);
  const kept = await server.store.db.selectFrom('quarantine').selectAll().execute();
  expect(JSON.stringify(kept)).toContain(WORDS.edit);
});

test('a device that listens loses what its person sees no more without being asked to sync', async () => {
  const { north, south, join, move } = await territories();
  const mia = await join('Mia', north, { role: 'manager' });
  const ben = await join('Ben', north);
  await account(mia);
  await mia.device.sync();
  await until('the record has come', async () => (await names(ben)).length === 1);
  await move(ben, { territory: south });
  await until('the record has left', async () => (await names(ben)).length === 0);
  await until('it is verified', () => ben.device.workspace.sync.status().state === 'online');
  await expectWhole(ben);
});
