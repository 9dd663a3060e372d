import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { profileFiles } from '../../../electron/records/profile.ts';
import { listBackups } from '../../../electron/store/backup/backups.ts';
import { movePerson, type Place, setReach } from '../../../sync-server/company/scopes.ts';
import { writeRecords } from '../../../sync-server/store/bulk.ts';
import { newId, startServer, type TestServer } from '../../factories/server.ts';
import { rawWith } from '../../unit/store/raw.ts';
import { type DeviceOptions, startDevice, type TestDevice } from './device.ts';
import { end } from './end.ts';

const SOURCE = { kind: 'admin', name: 'test' };

export interface Member {
  readonly person: Awaited<ReturnType<TestServer['addPerson']>>;
  readonly device: TestDevice;
}

export interface Territories {
  readonly server: TestServer;
  readonly tenant: string;
  readonly north: string;
  readonly south: string;
  join(name: string, territory: string, options?: DeviceOptions & { role?: string }): Promise<Member>;
  move(who: Member, place: Place): Promise<void>;
  reach(role: string, reach: string): Promise<void>;
}

/** A company in two territories whose reps see their own territory. */
export async function territories(reach = 'territory'): Promise<Territories> {
  const server = await startServer();
  onTestFinished(() => end(server, 'close'));
  const { id: tenant } = await server.addCompany();
  const [north, south] = [newId(), newId()];
  const area = (id: string, name: string) => ({
    collection: 'directory' as const,
    id,
    body: { kind: 'territory', name },
  });
  await writeRecords(server.store, tenant, [area(north, 'North'), area(south, 'South')], SOURCE);
  const set = async (role: string, to: string) => {
    await setReach(server.store, tenant, role, to, SOURCE);
  };
  await set('rep', reach);
  return {
    server,
    tenant,
    north,
    south,
    reach: set,
    move: (who, place) => movePerson(server.store, tenant, who.person.id, place, SOURCE),
    join: async (name, territory, { role = 'rep', ...options } = {}) => {
      const person = await server.addPerson(tenant, { name, territory, role });
      const device = await startDevice(server, person, { name: `${name}'s laptop`, ...options });
      onTestFinished(() => device.close());
      return { person, device };
    },
  };
}

/**
 * Everything that the store and the backups of a device say to who has the key, in clear and in lower case. The device is
 * closed meanwhile: what is written while it is copied can be neither read nor relied on.
 */
export async function clearText(device: TestDevice): Promise<string> {
  await device.workspace.stop();
  await device.store.close();
  const files = profileFiles(device.folder);
  const copies = await listBackups(files.backups);
  const folder = mkdtempSync(join(tmpdir(), 'roadbook-clear-'));
  try {
    return [files.store, ...copies.map(({ file }) => file)]
      .map((file, index) => {
        const copy = join(folder, `${index}.db`);
        copyFileSync(file, copy);
        if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`);
        let text = '';
        rawWith(copy, device.key, (db) => {
          text = db.serialize().toString('latin1').toLowerCase();
        });
        return text;
      })
      .join('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await device.reopen();
  }
}
