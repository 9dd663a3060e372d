import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { values } from '../../../electron/records/context.ts';
import { DeviceBackups } from '../../../electron/records/device-backups.ts';
import { profileFiles } from '../../../electron/records/profile.ts';
import type { StoreApi } from '../../../electron/store/contract.ts';
import { RoadbookError } from '../../../shared/errors.ts';

const AT = Date.UTC(2017, 10, 14);

/** Backups over a store that holds the note. @param takes whether its disk takes what is committed */
function noted(takes: () => boolean) {
  const held: Record<string, unknown> = { [values.backupGivenUp]: AT };
  const said: string[] = [];
  const store = {
    value: async (name: string) => held[name],
    commit: async (commit: { values: Record<string, unknown> }) => {
      if (!takes()) throw new RoadbookError('store.disk_full');
      Object.assign(held, commit.values);
    },
  } as unknown as StoreApi;
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (event: string) => void said.push(event),
  };
  const files = profileFiles(join(tmpdir(), 'no such profile'));
  return { backups: new DeviceBackups({ store, files, now: () => AT, log }), said };
}

it('whoever asked for a backup that was given up is told, also where the disk does not take that they were', async () => {
  let takes = false;
  const { backups, said } = noted(() => takes);
  expect(await backups.givenUp()).toBe(AT);
  expect(said).toEqual(['backup.note_kept']);
  takes = true;
  expect(await backups.givenUp()).toBe(AT);
  expect(await backups.givenUp()).toBeNull();
  expect(said).toEqual(['backup.note_kept']);
});
