import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ImportResult, runImport } from '../../sync-server/import/import.ts';
import { verifyAudit } from '../../sync-server/store/verify-audit.ts';
import { fresh, type Mirror } from '../factories/mirror.ts';
import { group, mutation, pullAll, push } from '../factories/mutations.ts';
import { startServer, type TestServer } from '../factories/server.ts';
import { totals } from './support/import-totals.ts';

const EXPORT = fileURLToPath(new URL('../../../shared/data/maven-crm', import.meta.url));
const there = existsSync(EXPORT);
if (!there)
  console.log('The sample export does not lie beside this checkout: its figures are not checked here.');

describe.runIf(there)('the sample export of a sales team', () => {
  let server: TestServer;
  let first: ImportResult;
  let mirror: Mirror;
  let millis: number;

  const deals = () => [...mirror.rows.values()].filter(({ collection }) => collection === 'deals');
  const inStage = (stage: string) => deals().filter(({ body }) => body.stage === stage);

  beforeAll(async () => {
    server = await startServer();
    const started = performance.now();
    first = await runImport(server.store, { folder: EXPORT });
    millis = performance.now() - started;
    const agent = { email: 'darcel.schlecht@maven.example', password: 'correct horse' };
    await server.setPassword(agent.email, agent.password);
    const device = await server.signIn(agent);
    mirror = await fresh(device);
    console.log(`imported in ${Math.round(millis)} ms`);
  });
  afterAll(() => server.close());

  test('has all its deals, by stage and by territory, and the value that was won', () => {
    expect(deals().length).toBe(8800);
    expect(['won', 'lost', 'engaging', 'prospecting'].map((stage) => inStage(stage).length)).toEqual([
      4238, 2473, 1589, 500,
    ]);
    const won = inStage('won').reduce((sum, { body }) => sum + (body.amount as { minor: number }).minor, 0);
    expect(won).toBe(1_000_553_400);
    const territories = new Map(
      [...mirror.rows.values()]
        .filter(({ body }) => body.kind === 'territory')
        .map(({ id, body }) => [
          String(body.name),
          deals().filter(({ territory }) => territory === id).length,
        ]),
    );
    expect(Object.fromEntries(territories)).toEqual({ Central: 3512, West: 2997, East: 2291 });
  });

  test('has managers above their agents, and agents as owners of their deals', () => {
    const people = [...mirror.rows.values()].filter(({ body }) => body.kind === 'user');
    const byName = new Map(people.map((person) => [person.body.name, person]));
    expect(people.length).toBe(41);
    const agent = byName.get('Darcel Schlecht');
    expect(agent?.body).toMatchObject({ role: 'rep', manager: byName.get('Melvin Marxen')?.id });
    expect(byName.get('Melvin Marxen')?.body.role).toBe('manager');
    expect(deals().filter(({ owner }) => owner === agent?.id).length).toBe(747);
  });

  test('reads its values as they were meant', () => {
    const named = (name: string) => [...mirror.rows.values()].find(({ body }) => body.name === name);
    const deal = deals().find(({ body }) => body.externalId === '1C1I7A6R');
    expect(deal?.body).toMatchObject({
      name: 'Cancity GTX Plus Basic',
      stage: 'won',
      probability: 100,
      amount: { minor: 105_400, currency: 'USD' },
      openedOn: '2016-10-20',
      closeDate: '2017-03-01',
      account: named('Cancity')?.id,
      product: named('GTX Plus Basic')?.id,
    });
    expect(named('Acme Corporation')?.body).toMatchObject({
      industry: 'technology',
      revenue: { minor: 110_004_000_000, currency: 'USD' },
    });
    expect(named('Bioholding')?.body.country).toBe('Philippines');
    expect(named('Bluth Company')?.body.parent).toBe(named('Acme Corporation')?.id);
    expect(deals().every(({ body }) => body.product !== undefined)).toBe(true);
  });

  test('flags what is doubtful and repairs what is misspelt, row by row', () => {
    const count = (kind: string, field: string) =>
      first.report.notes.filter((note) => note.kind === kind && note.field === field).length;
    expect(count('doubtful', 'account')).toBe(1425);
    expect(count('doubtful', 'lostReason')).toBe(2473);
    expect(count('doubtful', 'amount')).toBe(2089);
    expect(count('repaired', 'product')).toBe(1480);
    expect(first.report.count('skipped')).toBe(0);
  });

  test('makes no doubles when it is imported again, gives out no numbers, and leaves people their edits', async () => {
    const manager = { email: 'melvin.marxen@maven.example', password: 'correct horse' };
    await server.setPassword(manager.email, manager.password);
    const device = await server.signIn(manager);
    const deal = deals()[0];
    await push(
      device,
      group(
        mutation(device, {
          collection: 'deals',
          record: deal?.id ?? '',
          field: 'closeDate',
          value: '2027-01-01',
          baseRev: 1,
        }),
      ),
    );
    const before = await server.store.accounts.tenantBySlug('maven');
    const second = await runImport(server.store, { folder: EXPORT });
    expect(totals(second)).toMatchObject({ created: 0, changed: 0, unchanged: totals(first).created });
    expect((await server.store.accounts.tenantBySlug('maven'))?.counter).toBe(before?.counter);
    expect((await fresh(device)).row(deal?.id ?? '').body.closeDate).toBe('2027-01-01');
  });

  test('comes to every device change by change when a column of it is another one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'roadbook-again-'));
    try {
      for (const name of readdirSync(EXPORT)) copyFileSync(join(EXPORT, name), join(folder, name));
      const file = join(folder, 'sales_pipeline.csv');
      const [head = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split(/\r?\n/);
      const at = head.split(',').indexOf('sales_agent');
      // Everybody's deals go to one person.
      const moved = lines.map((line) => line.split(',').with(at, 'Darcel Schlecht').join(','));
      writeFileSync(file, [head, ...moved, ''].join('\n'));
      const started = performance.now();
      const again = await runImport(server.store, { folder });
      console.log(`one column changed in ${Math.round(performance.now() - started)} ms`);
      const { tenant } = first;
      expect(totals(again)).toMatchObject({ created: 0, changed: 8800 - 747 });
      const { entries } = await verifyAudit(server.store.db, server.store.origin, tenant.id);
      expect(entries).toBeGreaterThan(8800 - 747);
      const agent = { email: 'darcel.schlecht@maven.example', password: 'correct horse' };
      const pages = await pullAll(await server.signIn(agent), mirror.checkpoint);
      const changes = pages.flatMap((page) => page.changes).filter(({ field }) => field === 'owner');
      expect(changes.length).toBe(8800 - 747);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
