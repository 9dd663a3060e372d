import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3-multiple-ciphers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { routes } from '../../shared/sync/wire.ts';
import { makeBackup, restoreBackup } from '../../sync-server/ops/backup.ts';
import { realEnvironment } from '../../sync-server/store/environment.ts';
import { fresh } from '../factories/mirror.ts';
import { client, group, newAccount, pullAll, push } from '../factories/mutations.ts';
import { startServer, type TestServer } from '../factories/server.ts';

let server: TestServer;
let elsewhere: string;

beforeEach(async () => {
  server = await startServer();
  elsewhere = mkdtempSync(join(tmpdir(), 'roadbook-backup-'));
});
afterEach(async () => {
  await server.close();
  rmSync(elsewhere, { recursive: true, force: true });
});

test('a verified backup tells devices how far they may forget what they have sent', async () => {
  const tenant = await server.addCompany();
  const device = await server.signIn(await server.addPerson(tenant.id));
  const before = await push(device, group(newAccount(device)));
  expect(before.durableThrough).toBe(0);
  const { through } = await makeBackup(server.store, elsewhere);
  expect(through).toEqual({ [tenant.id]: before.verdicts[0]?.number });
  expect((await push(device, group(newAccount(device)))).durableThrough).toBe(through[tenant.id]);
});

test('a server restored from a backup has a new epoch, and a device that sends again loses nothing', async () => {
  const tenant = await server.addCompany();
  const person = await server.addPerson(tenant.id);
  let device = await server.signIn(person);
  const [kept, lost] = [group(newAccount(device, 'Kept')), group(newAccount(device, 'Lost'))];
  await push(device, kept);
  const { file, through } = await makeBackup(server.store, elsewhere);
  await push(device, lost);
  const held = await fresh(device);
  const { data, port } = server;
  await server.stop();
  await restoreBackup(data, file, realEnvironment);
  server = await startServer({ data, port });

  device = await server.signIn(person, device.device);
  const refused = await device.post<{ code: string; details: { epoch: string; durableThrough: number } }>(
    routes.pull,
    {
      ...client(),
      checkpoint: held.checkpoint,
      limit: 100,
    },
  );
  expect(refused.body.code).toBe('sync.epoch_changed');
  expect(refused.body.details).toEqual({
    epoch: server.store.origin.epoch,
    durableThrough: through[tenant.id],
  });
  expect(through[tenant.id]).toBeLessThan(held.checkpoint?.number ?? 0);

  const answer = await push(device, kept, lost);
  expect(answer.verdicts.map(({ status }) => status)).toEqual(['accepted', 'accepted']);
  const names = (await pullAll(device)).flatMap(({ rows }) => rows.map(({ body }) => body.name));
  expect(names.filter((name) => name === 'Kept' || name === 'Lost')).toEqual(['Kept', 'Lost']);
});

test('a damaged backup is not restored, and the database stays', async () => {
  const tenant = await server.addCompany();
  const person = await server.addPerson(tenant.id);
  const device = await server.signIn(person);
  await push(device, group(...Array.from({ length: 200 }, () => newAccount(device))));
  const { file } = await makeBackup(server.store, elsewhere);
  const bytes = readFileSync(file);
  bytes.fill(0x5a, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 4096);
  writeFileSync(file, bytes);
  const { data } = server;
  await server.stop();
  await expect(restoreBackup(data, file, realEnvironment)).rejects.toMatchObject({ code: 'store.damaged' });
  server = await startServer({ data });
  const again = await server.signIn(person);
  expect((await fresh(again)).rows.size).toBeGreaterThan(200);
});

test('what is no backup is refused by name, and neither it nor the database is touched', async () => {
  const { data } = server;
  const tenant = await server.addCompany();
  const person = await server.addPerson(tenant.id);
  const { file } = await makeBackup(server.store, elsewhere);
  await server.stop();
  const other = join(elsewhere, 'other.sqlite');
  new Database(other).exec('create table things (id text)').close();
  const text = join(elsewhere, 'notes.txt');
  writeFileSync(text, 'milk, bread');
  const before = readdirSync(data).sort();
  for (const wrong of [other, text, join(elsewhere, 'missing')]) {
    const bytes = existsSync(wrong) ? readFileSync(wrong) : undefined;
    await expect(restoreBackup(data, wrong, realEnvironment)).rejects.toMatchObject({
      code: 'server.not_a_backup',
      message: `${wrong} is no backup of a Roadbook server.`,
    });
    expect(existsSync(wrong) ? readFileSync(wrong) : undefined).toEqual(bytes);
  }
  expect(readdirSync(data).sort()).toEqual(expect.arrayContaining(before));
  expect(readdirSync(data).filter((name) => /restoring|before/.test(name))).toEqual([]);

  const bytes = readFileSync(file);
  await restoreBackup(data, file, realEnvironment);
  expect(readFileSync(file)).toEqual(bytes);
  server = await startServer({ data });
  await server.signIn(person);
});
