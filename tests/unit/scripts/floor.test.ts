import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loweredFloors } from '../../../scripts/test/floor.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'roadbook-floor-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function git(...args: string[]): void {
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];
  const { status, stderr } = spawnSync('git', [...who, ...args], { cwd: root, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
}

function commit(floor: object): void {
  writeFileSync(join(root, 'floor.json'), JSON.stringify(floor));
  git('add', 'floor.json');
  git('commit', '--quiet', '--allow-empty', '--message', 'floor');
}

test('a floor that was lowered or left out is told, with what it was', () => {
  git('init', '--quiet', '--initial-branch', 'main');
  commit({ lines: 80, branches: 60 });
  commit({ lines: 82, branches: 60 });
  expect(loweredFloors(root, 'floor.json', { lines: 82, branches: 60 })).toEqual([]);
  expect(loweredFloors(root, 'floor.json', { lines: 90, branches: 61 })).toEqual([]);
  // Not yet committed, and already committed.
  expect(loweredFloors(root, 'floor.json', { lines: 81, branches: 60 }).join()).toMatch(
    /lines was 82 %.*is 81 %/,
  );
  commit({ lines: 81, branches: 60 });
  expect(loweredFloors(root, 'floor.json', { lines: 81, branches: 60 }).join()).toMatch(
    /lines was 82 %.*is 81 %/,
  );
  expect(loweredFloors(root, 'floor.json', { lines: 82 }).join()).toMatch(/branches was 60 %.*is no more/);
});

test('on a branch the floor is compared with where the branch began', () => {
  git('init', '--quiet', '--initial-branch', 'main');
  commit({ lines: 80 });
  git('switch', '--quiet', '--create', 'work');
  commit({ lines: 70 });
  commit({ lines: 71 });
  expect(loweredFloors(root, 'floor.json', { lines: 71 }).join()).toMatch(/lines was 80 %/);
});

test('without git, or without a floor before, there is nothing to compare with', () => {
  expect(loweredFloors(root, 'floor.json', { lines: 1 })).toEqual([]);
  git('init', '--quiet', '--initial-branch', 'main');
  expect(loweredFloors(root, 'floor.json', { lines: 1 })).toEqual([]);
  git('commit', '--quiet', '--allow-empty', '--message', 'nothing');
  expect(loweredFloors(root, 'floor.json', { lines: 1 })).toEqual([]);
});
