import { expect } from 'vitest';
import { movePerson, setReach } from '../../../sync-server/company/scopes.ts';
import { writeRecords } from '../../../sync-server/store/bulk.ts';
import type { Mirror } from '../../factories/mirror.ts';
import { group, mutation, newDeal, push } from '../../factories/mutations.ts';
import { newId, type TestDevice, type TestServer } from '../../factories/server.ts';

export const SOURCE = { kind: 'admin', name: 'test' };

/** A company with a tree of territories (north over north-east, beside south) and people in them. */
export async function scopedOn(server: TestServer, reach = 'territory') {
  const { id: tenant } = await server.addCompany();
  const north = newId();
  const northEast = newId();
  const south = newId();
  const area = (id: string, name: string, parent?: string) => ({
    collection: 'directory' as const,
    id,
    body: { kind: 'territory', name, ...(parent === undefined ? {} : { parent }) },
  });
  await writeRecords(
    server.store,
    tenant,
    [area(north, 'North'), area(northEast, 'North-east', north), area(south, 'South')],
    SOURCE,
  );
  await setReach(server.store, tenant, 'rep', reach, SOURCE);
  const join = async (name: string, territory: string, role = 'rep') => {
    const person = await server.addPerson(tenant, { name, territory, role });
    return { person, device: await server.signIn(person, { name: `${name}'s laptop` }) };
  };
  const admin = await join('Ada', '', 'admin');
  const move = (who: { person: { id: string } }, territory: string) =>
    movePerson(server.store, tenant, who.person.id, { territory }, SOURCE);
  return { tenant, north, northEast, south, join, admin, move };
}

export const dealsOf = (mirror: Mirror) =>
  [...mirror.rows.values()].filter((row) => row.collection === 'deals').map((row) => row.id);

/** Digests agree for each bucket, and nothing is held without a reason. */
export function expectWhole(mirror: Mirror): void {
  expect(Object.keys(mirror.digests).length).toBeGreaterThan(0);
  for (const [bucket, digest] of Object.entries(mirror.digests)) expect(mirror.digest(bucket)).toBe(digest);
  for (const id of mirror.rows.keys()) expect(mirror.reasons.get(id)?.size ?? 0).toBeGreaterThan(0);
}

export async function make(device: TestDevice): Promise<string> {
  const create = newDeal(device);
  const { verdicts } = await push(device, group(create));
  expect(verdicts[0]?.status).toBe('accepted');
  return create.record;
}

export const edit = (device: TestDevice, record: string, nextStep: string) =>
  group(mutation(device, { collection: 'deals', record, field: 'nextStep', value: nextStep }));
