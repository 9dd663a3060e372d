import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listBackups } from '../../../electron/store/backup/backups.ts';
import { placeBackup } from '../../../electron/store/backup/place.ts';
import { Engine } from '../../../electron/store/engine/engine.ts';
import { headKey, readHead } from '../../../electron/store/engine/head.ts';
import { migrations } from '../../../electron/store/engine/migrations/index.ts';
import { FORMAT, openFile, readWhole } from '../../../electron/store/engine/open.ts';
import { MIGRATION_STEPS } from '../../../electron/store/engine/steps.ts';
import { BOOKS, collections, fill, idOf, KEY, OWNER, tell } from '../../fixtures/stores/library.ts';
import { contents, folder } from './helpers.ts';

const kept = join(import.meta.dirname, '../../fixtures/stores');
const formats = Array.from({ length: FORMAT - 1 }, (_, n) => n + 1);

/** A copy of the store that a version of this format left. */
function storeOf(format: number): string {
  const there = folder();
  for (const part of ['', '.head']) {
    copyFileSync(join(kept, `format-${format}`, `store.db${part}`), join(there, `store.db${part}`));
  }
  return join(there, 'store.db');
}

const told = (format: number): unknown =>
  JSON.parse(readFileSync(join(kept, `format-${format}`, 'told.json'), 'utf8'));

const connection = (file: string) => ({
  file,
  key: KEY,
  create: false,
  acceptOlder: false,
  nativeBinding: undefined,
});

const open = (file: string, more: object = {}) =>
  new Engine({ ...connection(file), collections, owner: OWNER, ...more }, () => undefined);

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  return 'no error';
};

function ids(engine: Engine, text: string): string[] {
  return engine.find({ text, limit: 200 }).hits.map((hit) => (JSON.parse(hit.text) as { id: string }).id);
}

/** All of what the store tells, and its search once that is made up. */
async function isWhole(engine: Engine, format: number): Promise<void> {
  expect(JSON.parse(JSON.stringify(await tell(engine)))).toEqual(told(format));
  for (let steps = 0; engine.behind.due() === 0; steps += 1) {
    expect(steps).toBeLessThan(1000);
    engine.behind.step();
  }
  expect(engine.search.complete).toBe(true);
  expect(ids(engine, 'cellar')).toHaveLength(BOOKS - 1);
  expect(ids(engine, 'renamed').sort()).toEqual([idOf(2), idOf(5)]);
  expect(ids(engine, 'lodz strass').length).toBeGreaterThan(0);
  expect(ids(engine, `or.7@verlag`)).toEqual([idOf(7)]);
  expect(ids(engine, '5550-1008')).toEqual([idOf(8)]);
  expect(ids(engine, 'ostergard')).toHaveLength(16);
  expect(ids(engine, 'halden 2')).not.toContain(idOf(2));
}

describe.each(formats)('a store of format %i', (format) => {
  it('is brought to the present format with all its content', async () => {
    const file = storeOf(format);
    const engine = open(file);
    await isWhole(engine, format);
    engine.commit({ values: { greeting: 'Moin' } });
    engine.close();
    expect(readHead(file, headKey(KEY))).toMatchObject({ head: { format: FORMAT } });
    const again = open(file);
    expect(again.value('greeting')).toBe('Moin');
    expect((await again.history.verify(async () => undefined)).ok).toBe(true);
    again.close();
  });

  it('is kept as it was among the backups, once, and can be put back', async () => {
    const file = storeOf(format);
    open(file).close();
    open(file).close();
    const backups = await listBackups(join(file, '../backups'));
    expect(backups.map(({ reason }) => reason)).toEqual(['before-migration']);
    const [backup] = backups;
    if (!backup) throw new Error('there is no backup');
    expect(readHead(backup.file, headKey(KEY))).toMatchObject({ head: { format } });
    readWhole(connection(backup.file));
    await placeBackup(file, backup.file, join(file, '../aside'));
    const engine = open(file);
    await isWhole(engine, format);
    engine.close();
  });

  it.each(MIGRATION_STEPS)('goes on after a kill at %s, without a second copy', async (step) => {
    const file = storeOf(format);
    const child = join(import.meta.dirname, 'migrations-child.ts');
    expect(spawnSync(process.execPath, [child, file, step]).signal).toBe('SIGKILL');
    const engine = open(file);
    await isWhole(engine, format);
    engine.close();
    expect((await listBackups(join(file, '../backups'))).length).toBe(1);
    expect(readdirSync(join(file, '../backups')).filter((name) => name.endsWith('.draft'))).toEqual([]);
  });

  it('with the log of a crash beside it loses nothing of that', async () => {
    const file = storeOf(format);
    // An earlier version wrote one more value and was killed: only the log has it.
    const child = join(import.meta.dirname, 'migrations-child.ts');
    expect(spawnSync(process.execPath, [child, file, 'write-and-die', String(format)]).signal).toBe(
      'SIGKILL',
    );
    expect(existsSync(`${file}-wal`)).toBe(true);
    const engine = open(file);
    expect(engine.value('last words')).toBe('still here');
    engine.close();
  });

  it('is as it was when a step fails, and opens once it does not', async () => {
    const file = storeOf(format);
    const failing = migrations.map((step) => ({
      ...step,
      apply(db: Parameters<typeof step.apply>[0]) {
        step.apply(db);
        throw new Error('no');
      },
    }));
    expect(() => openFile({ ...connection(file), migrations: failing })).toThrow();
    expect(readHead(file, headKey(KEY))).toMatchObject({ head: { format } });
    const engine = open(file);
    await isWhole(engine, format);
    engine.close();
  });

  it('without room for the copy is left alone', () => {
    const file = storeOf(format);
    // A file where the folder of backups should be: the copy cannot be made.
    writeFileSync(join(file, '../backups'), '');
    const before = contents(join(file, '..'));
    expect(codeOf(() => open(file))).toBe('store.failed');
    expect(contents(join(file, '..'))).toEqual(before);
    rmSync(join(file, '../backups'));
    open(file).close();
  });

  it('that went back is not migrated before a person has decided', () => {
    const file = storeOf(format);
    const newer = folder();
    copyFileSync(file, join(newer, 'store.db'));
    const engine = open(file);
    engine.close();
    // The head has seen a newer format than the file has.
    copyFileSync(`${file}.head`, join(newer, 'store.db.head'));
    const before = contents(newer);
    expect(codeOf(() => open(join(newer, 'store.db')))).toBe('store.went_back');
    expect(contents(newer)).toEqual(before);
    open(join(newer, 'store.db'), { acceptOlder: true }).close();
    expect(readHead(join(newer, 'store.db'), headKey(KEY))).toMatchObject({ head: { format: FORMAT } });
  });
});

describe('a store of a newer format', () => {
  it.each(formats)('is refused and left alone by a version that ends at format %i', (format) => {
    const file = join(folder(), 'store.db');
    const engine = new Engine(
      { ...connection(file), create: true, collections, owner: OWNER },
      () => undefined,
    );
    fill(engine);
    engine.close();
    const older = migrations.filter((step) => step.format <= format);
    const refused = (): void => {
      const before = contents(join(file, '..'));
      expect(codeOf(() => openFile({ ...connection(file), migrations: older }))).toBe('store.newer_version');
      expect(codeOf(() => readWhole({ ...connection(file), migrations: older }))).toBe('store.newer_version');
      expect(contents(join(file, '..'))).toEqual(before);
    };
    refused();
    rmSync(`${file}.head`);
    refused();
  });
});

it('the kept files are those of every format before this one, and the migrations lead from each to the next', () => {
  expect(migrations.map(({ format }) => format)).toEqual(formats.map((format) => format + 1));
  for (const format of formats) expect(existsSync(join(kept, `format-${format}`, 'store.db'))).toBe(true);
});
