import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Check } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Change } from '../../shared/sync/wire.ts';
import { summary } from '../../sync-server/import/cli.ts';
import { type ImportResult, runImport } from '../../sync-server/import/import.ts';
import { parseMapping } from '../../sync-server/import/mapping.ts';
import { parseDate, parseMoney } from '../../sync-server/import/values.ts';
import { Store } from '../../sync-server/store/store.ts';
import { verifyAudit } from '../../sync-server/store/verify-audit.ts';
import { smallExport } from '../factories/export.ts';
import { totals } from './support/import-totals.ts';

describe('values', () => {
  test('of dates are read in their format, and days that do not exist are not guessed', () => {
    expect(parseDate('01-03-17', 'dd-mm-yy')).toBe('2017-03-01');
    expect(parseDate('31-12-99', 'dd-mm-yy')).toBe('1999-12-31');
    expect(parseDate('2/28/2024', 'mm/dd/yyyy')).toBe('2024-02-28');
    for (const wrong of ['31-02-17', '2017-03-01', '1-3', ''])
      expect(parseDate(wrong, 'dd-mm-yy')).toBeUndefined();
  });

  test('of money are exact, also in millions', () => {
    expect(parseMoney('1100.04', 'USD', 1_000_000)).toEqual({ minor: 110_004_000_000, currency: 'USD' });
    expect(parseMoney('0.1', 'USD')).toEqual({ minor: 10, currency: 'USD' });
    expect(parseMoney('0', 'USD')).toEqual({ minor: 0, currency: 'USD' });
    expect(parseMoney('150000', 'JPY')).toEqual({ minor: 150_000, currency: 'JPY' });
    for (const wrong of ['1,100', '12.345', 'free', '']) expect(parseMoney(wrong, 'USD')).toBeUndefined();
  });

  test('of a mapping that is wrong are named', () => {
    expect(() => parseMapping('{')).toThrow('The mapping file is not right: it is not JSON.');
    expect(() => parseMapping('{"name":"x"}')).toThrow(/mapping file is not right/);
  });
});

describe('an export with faults', () => {
  let store: Store;
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'roadbook-import-'));
    store = await Store.open({ data: join(folder, 'data') });
    for (const [name, content] of Object.entries(smallExport)) writeFileSync(join(folder, name), content);
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const noted = (result: ImportResult) =>
    result.report.notes.map(
      ({ kind, file, line, field, code }) => `${kind} ${file}:${line} ${field} ${code}`,
    );

  test('brings what can be read, and reports every other row with file, line, field and reason', async () => {
    const result = await runImport(store, { folder });
    expect(noted(result).sort()).toEqual([
      'doubtful accounts.csv:3 revenue import.value',
      'doubtful sales_pipeline.csv:3 lostReason stage.lost_reason_required',
      'doubtful sales_pipeline.csv:3 owner import.value',
      'doubtful sales_pipeline.csv:4 account import.missing',
      'doubtful sales_pipeline.csv:4 amount import.missing',
      'doubtful sales_pipeline.csv:4 openedOn import.value',
      'doubtful sales_pipeline.csv:5 amount import.missing',
      'doubtful sales_pipeline.csv:5 product import.value',
      'doubtful sales_pipeline.csv:6 probability import.value',
      'doubtful sales_pipeline.csv:6 stage import.value',
      'repaired accounts.csv:2 sector import.repaired',
      'repaired accounts.csv:3 office_location import.repaired',
      'repaired sales_pipeline.csv:3 product import.repaired',
      'skipped accounts.csv:4 account import.key',
      'skipped accounts.csv:5 account import.key',
      'skipped sales_pipeline.csv:6 stage record.invalid',
    ]);
    const file = readFileSync(result.reportFile, 'utf8');
    expect(file.trim().split('\r\n').length).toBe(1 + result.report.notes.length);
    const said = summary(result, false).join('\n');
    expect(said).toContain('“technolgy” reads “technology”.');
    expect(said).toContain('npm run admin -- users password EMAIL');
  });

  test('loses a row with too few or too many cells, and nothing else', async () => {
    const file = join(folder, 'sales_pipeline.csv');
    const whole = await runImport(store, { folder, dryRun: true });
    appendFileSync(file, 'SHORTROW,Moses Frase\nLONGROW1,Moses Frase,GTX Pro,Cancity,Won,,,1,2\n');
    const result = await runImport(store, { folder });
    expect(totals(result)).toEqual(totals(whole));
    expect(result.report.notes.filter(({ code }) => code === 'import.cells')).toMatchObject([
      { kind: 'skipped', file: 'sales_pipeline.csv', line: 7, key: 'SHORTROW' },
      { kind: 'skipped', file: 'sales_pipeline.csv', line: 8, key: 'LONGROW1' },
    ]);
    appendFileSync(file, '"BROKEN,Moses\n');
    await expect(runImport(store, { folder })).rejects.toThrow(
      /^The file sales_pipeline.csv cannot be read: .*, line 9\.$/,
    );
  });

  test('that comes again says what stays as it was, and of new records what stays empty', async () => {
    await runImport(store, { folder });
    const file = join(folder, 'sales_pipeline.csv');
    const [header, first = ''] = smallExport['sales_pipeline.csv'].split('\n');
    const worse = first.replace('Moses Frase', 'Nobody Else').replace('01-03-17', '99-99-17');
    const stageless = first.replace('1C1I7A6R', 'EC4QE1BX').replace('Won', 'Dreaming');
    writeFileSync(file, [header, worse, worse.replace('1C1I7A6R', 'NEW12345'), stageless, ''].join('\n'));
    for (const dryRun of [true, false]) {
      const { report } = await runImport(store, { folder, dryRun });
      const said = report.notes
        .filter((note) => note.file === 'sales_pipeline.csv' && /^(Nobody|“99|Stage)/.test(note.reason))
        .map(({ line, reason }) => `${line}: ${reason}`);
      expect(said.sort()).toEqual([
        '2: Nobody is called “Nobody Else”, so the owner stays as it was.',
        '2: “99-99-17” is not known here, so closeDate stays as it was.',
        '3: Nobody is called “Nobody Else”, so the record has no owner.',
        '3: “99-99-17” is not known here, so closeDate stays empty.',
        '4: Stage is missing, so the record stays as it was.',
      ]);
    }
  });

  test('is only looked at in a dry run', async () => {
    const result = await runImport(store, { folder, dryRun: true });
    expect(totals(result).created).toBeGreaterThan(5);
    expect(await store.accounts.tenants()).toEqual([]);
  });

  test('that comes again with other values has one audit entry for each changed field, and an unbroken log', async () => {
    const { tenant } = await runImport(store, { folder });
    const log = () =>
      store.db
        .selectFrom('audit_log')
        .innerJoin('audit_values', (join) =>
          join
            .onRef('audit_values.tenant', '=', 'audit_log.tenant')
            .onRef('audit_values.seq', '=', 'audit_log.seq'),
        )
        .select(['audit_log.kind', 'audit_log.number', 'audit_values.json'])
        .where('audit_log.tenant', '=', tenant.id)
        .orderBy('audit_log.seq')
        .execute();
    const before = (await log()).length;
    const pipeline = smallExport['sales_pipeline.csv'].replace('01-03-17,1054', '05-04-18,2000');
    writeFileSync(join(folder, 'sales_pipeline.csv'), pipeline);
    const accounts = smallExport['accounts.csv'].replace('718.62,2448', '718.62,2449');
    writeFileSync(join(folder, 'accounts.csv'), accounts);
    expect(totals(await runImport(store, { folder }))).toMatchObject({ created: 0, changed: 2 });

    const fresh = (await log()).slice(before);
    expect(fresh.map(({ kind }) => kind)).toEqual(['import', 'change', 'import', 'change', 'change']);
    const changes = fresh
      .filter(({ kind }) => kind === 'change')
      .map(({ json, number }) => ({ ...(JSON.parse(json) as Change), at: number }));
    expect(changes.map(({ name, field, from, to }) => [name, field, from, to])).toEqual([
      ['Cancity', 'employees', 2448, 2449],
      ['Cancity GTX Plus Basic', 'closeDate', '2017-03-01', '2018-04-05'],
      [
        'Cancity GTX Plus Basic',
        'amount',
        { minor: 105_400, currency: 'USD' },
        { minor: 200_000, currency: 'USD' },
      ],
    ]);
    for (const change of changes) {
      expect(Check(Change, change)).toBe(true);
      expect(change).toMatchObject({ op: 'set', user: '', device: '', result: 'applied', number: change.at });
    }
    expect(await verifyAudit(store.db, store.origin, tenant.id)).toMatchObject({
      fault: null,
      headMatches: true,
    });
  });

  test('leaves a report whose cells no spreadsheet takes for formulas', async () => {
    writeFileSync(
      join(folder, 'sales_pipeline.csv'),
      `${smallExport['sales_pipeline.csv'].split('\n', 1)[0]}\n=1+1,Nobody,GTX Pro,Cancity,Won,,,1\n`,
    );
    const { reportFile } = await runImport(store, { folder });
    expect(readFileSync(reportFile, 'utf8')).toContain(",'=1+1,");
  });

  test('that is missing a file, or is no UTF-8, is refused by name', async () => {
    writeFileSync(join(folder, 'products.csv'), Buffer.from([0x70, 0xff, 0xfe]));
    await expect(runImport(store, { folder })).rejects.toMatchObject({ code: 'import.unreadable' });
    rmSync(join(folder, 'products.csv'));
    await expect(runImport(store, { folder })).rejects.toMatchObject({ code: 'import.bad_mapping' });
  });
});
