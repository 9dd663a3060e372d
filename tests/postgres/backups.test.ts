import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PushResponse, routes } from '../../shared/sync/wire.ts';
import { runCommand } from '../../sync-server/cli.ts';
import type { Store } from '../../sync-server/store/store.ts';
import { asAdmin, databaseOf, removeDatabaseOf } from '../factories/database.ts';
import { fresh } from '../factories/mirror.ts';
import { client, group, newAccount, push } from '../factories/mutations.ts';
import { startServer, type TestServer } from '../factories/server.ts';

let data: string;
let server: TestServer;
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'roadbook-server-'));
  server = await startServer({ data });
});
afterEach(async () => {
  await server.stop();
  await removeDatabaseOf(data);
  rmSync(data, { recursive: true, force: true });
});

async function run(store: Store, input: string, ...args: string[]): Promise<{ code: number; said: string }> {
  const said: string[] = [];
  const code = await runCommand(store, args, {
    say: (line) => said.push(line),
    readInput: async () => input,
  });
  return { code, said: said.join('\n') };
}

/** The name of the server's database. */
async function nameOf(): Promise<string> {
  const { postgres } = await databaseOf(data);
  return new URL(postgres?.url ?? '').pathname.slice(1);
}

test('what a backup of the database holds may be forgotten; after a restore devices send the rest again', async () => {
  const { id: tenant } = await server.addCompany();
  const person = await server.addPerson(tenant);
  const ann = await server.signIn(person);
  const [early, late] = [newAccount(ann), newAccount(ann)];
  const first = await push(ann, group(early));
  expect(first.durableThrough).toBe(0);

  const { said: mark } = await run(server.store, '', 'backup', 'mark');
  const name = await nameOf();
  const copy = `${name}_copy`;
  await server.stop();
  await asAdmin(`create database ${copy} template ${name}`);
  try {
    server = await startServer({ data });
    expect(await run(server.store, `\n> admin\n\n${mark}\n`, 'backup', 'held')).toMatchObject({ code: 0 });
    const again = await server.signIn(person, ann.device);
    const held = await push(again, group(late));
    expect(held.durableThrough).toBe(first.verdicts[0]?.number);

    // The disk is lost, and the backup is put back.
    await server.stop();
    await asAdmin(`drop database ${name}`);
    await asAdmin(`create database ${name} template ${copy}`);
    server = await startServer({ data });
    expect(await run(server.store, '', 'backup', 'restored')).toMatchObject({ code: 0 });
    await server.stop();
    server = await startServer({ data });

    const back = await server.signIn(person, ann.device);
    const told = await back.post<{ code: string; details: { durableThrough: number } }>(routes.push, {
      ...client(),
      epoch: held.epoch,
      groups: [],
    });
    expect(told).toMatchObject({ status: 409, body: { code: 'sync.epoch_changed' } });
    expect(told.body.details.durableThrough).toBe(first.verdicts[0]?.number);
    const sent = await back.post<PushResponse>(routes.push, {
      ...client(),
      epoch: '',
      groups: [group(late)],
    });
    expect(sent.body.verdicts[0]?.status).toBe('accepted');
    const { rows } = await fresh(back);
    expect([early, late].map(({ record }) => rows.has(record))).toEqual([true, true]);

    // A mark of before the restore says nothing about what came after.
    await expect(run(server.store, mark, 'backup', 'held')).rejects.toMatchObject({
      code: 'sync.epoch_changed',
    });
  } finally {
    await asAdmin(`drop database if exists ${copy} with (force)`);
  }
});

test('what is no mark moves nothing', async () => {
  const { id: tenant } = await server.addCompany();
  expect(await run(server.store, 'yesterday', 'backup', 'held')).toMatchObject({ code: 2 });
  await expect(run(server.store, '{"epoch":1}', 'backup', 'held')).rejects.toMatchObject({
    code: 'request.invalid',
  });
  const ahead = JSON.stringify({ epoch: server.store.origin.epoch, through: { [tenant]: 1_000_000 } });
  expect((await run(server.store, ahead, 'backup', 'held')).said).toContain('0 companies');
  expect(await server.store.durableThrough(tenant)).toBe(0);
});
