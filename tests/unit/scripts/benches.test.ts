import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { chosenBenches } from '../../../scripts/lib/benches.mjs';
import { checkImportCall, WrongCall } from '../../../scripts/lib/calls.mjs';
import { Report } from '../../bench/lib/figure.ts';
import { options } from '../../bench/lib/options.ts';

const groups = { store: ['list', 'search'], sync: ['initial', 'search'] };
const bench = new URL('../../bench/', import.meta.url);

test('a bench runs the suites that have what is asked for, each with its own groups', () => {
  expect(chosenBenches(groups, ['--rows=5'])).toEqual([
    { suite: 'store', options: ['--rows=5'] },
    { suite: 'sync', options: ['--rows=5'] },
  ]);
  expect(chosenBenches(groups, ['--only=list'])).toEqual([{ suite: 'store', options: ['--only=list'] }]);
  expect(chosenBenches(groups, ['--only=initial,search'])).toEqual([
    { suite: 'store', options: ['--only=search'] },
    { suite: 'sync', options: ['--only=initial,search'] },
  ]);
});

test('an unknown suite and an unknown group are refused with what is known', () => {
  expect(() => chosenBenches(groups, ['stroe'])).toThrow('no suite "stroe". Known: store, sync.');
  expect(() => chosenBenches(groups, ['--only=serach'])).toThrow(
    'no group "serach". Known: store: list, search; sync: initial, search.',
  );
  expect(() => chosenBenches(groups, ['sync', '--only=list'])).toThrow('Known: sync: initial, search.');
  expect(() => chosenBenches(groups, ['store', 'sync', '--only=list'])).toThrow('"sync" has none of these');
  expect(() => options('store', ['--only=list,serach'])).toThrow('store has no group "serach". Known: bulk,');
  expect(options('store', ['--only=list']).wanted('search')).toBe(false);
});

test('an option that is not known, or has no value, is refused in one line before anything is set up', () => {
  for (const wrong of [
    '--onyl=list',
    '--rows',
    '--only',
    '--only=',
    '--only=,',
    '--rows=many',
    '--rows=0',
    '-x',
  ]) {
    expect(() => chosenBenches(groups, [wrong]), wrong).toThrow(WrongCall);
    expect(() => chosenBenches(groups, [wrong]), wrong).toThrow(/^[^\n]+$/);
  }
  expect(checkImportCall(['folder', '--dry-run', '--map', 'file'])).toBeNull();
  expect(checkImportCall(['--help'])).toContain('npm run import');
  for (const wrong of [['--onyl=x', 'a'], ['--map'], ['a', '--map='], [], ['a', 'b'], ['a', '--dry-run=1']]) {
    expect(() => checkImportCall(wrong), wrong.join(' ')).toThrow(WrongCall);
    expect(() => checkImportCall(wrong), wrong.join(' ')).toThrow(/^[^\n]+$/);
  }
});

test('a wrong call ends with code 2, and help with 0', () => {
  const ask = (script: string, ...args: string[]) => {
    const file = fileURLToPath(new URL(`../../../scripts/${script}.mjs`, import.meta.url));
    const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], { encoding: 'utf8' });
    return { status, lines: `${stdout}${stderr}`.trim().split('\n').length };
  };
  expect(ask('bench', '--onyl=x')).toEqual({ status: 2, lines: 1 });
  expect(ask('bench', '--help')).toEqual({ status: 0, lines: 1 });
  expect(ask('run', 'import', '--onyl=x')).toEqual({ status: 2, lines: 1 });
  expect(ask('run', 'import', '--help')).toEqual({ status: 0, lines: 1 });
});

test('every suite has its groups written down, and asks for no other ones', () => {
  const known = JSON.parse(readFileSync(new URL('groups.json', bench), 'utf8')) as Record<string, string[]>;
  const suites = readdirSync(bench).flatMap((name) => /^(\w+)\.bench\.ts$/.exec(name)?.[1] ?? []);
  expect(Object.keys(known).sort()).toEqual(suites.sort());
  for (const suite of suites) {
    const text = readFileSync(new URL(`${suite}.bench.ts`, bench), 'utf8');
    const asked = [...text.matchAll(/wanted\('(\w+)'\)/g)].map(([, group]) => group);
    expect(new Set(asked), suite).toEqual(new Set(known[suite]));
  }
});

test('nothing measured meets nothing, and what has no target does not meet one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'roadbook-report-'));
  const said = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    expect(() => new Report('empty').finish(folder)).toThrow('no figure was measured');
    expect(existsSync(join(folder, 'empty.json'))).toBe(false);
    const report = new Report('some');
    const figure = { unit: 'ms', better: 'lower', yardstick: 2, yardstickName: 'raw', runs: 1 } as const;
    report.add({ ...figure, name: 'a', value: 3 });
    report.finish(folder);
    expect(said.mock.lastCall?.[0]).toBe('some: 1 figures, none of them has a target');
    report.add({ ...figure, name: 'b', value: 3 }, { of: 'ratio', atMost: 1 });
    report.finish(folder);
    expect(said.mock.lastCall?.[0]).toBe('some: 2 figures, 1 of 1 targets are missed');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
