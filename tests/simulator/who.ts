import type { SessionUser } from '../../shared/sync/wire.ts';
import type { Principal } from '../../sync-server/store/principal.ts';
import type { Store } from '../../sync-server/store/store.ts';
import { type Company, DEVICES, PEOPLE, type Who } from './company.ts';

/** Whose device it is. */
export function ownerOf(company: Company, device: number): { who: Who; id: string; name: string } {
  const spec = DEVICES[device];
  const who = spec && company.people[spec.person];
  const id = company.devices[device];
  if (spec === undefined || who === undefined || id === undefined) throw new Error('nobody has this device');
  return { who, id, name: spec.name };
}

/** Who is signed in on a device when a history begins. */
export function userOf(company: Company, device: number): SessionUser {
  const { who } = ownerOf(company, device);
  const person = PEOPLE[DEVICES[device]?.person ?? -1];
  if (person === undefined) throw new Error('nobody has this device');
  return {
    id: who.user,
    name: who.userName,
    email: who.email,
    role: person.role,
    tenant: who.tenant,
    tenantName: 'Northgate Supply',
    team: company.areas[person.team] ?? '',
    territory: company.areas[person.territory] ?? '',
  };
}

/** Who asks, as the server reads it for each request. */
export async function principalOf(
  store: Store,
  { tenant, user, userName, email }: Who,
  device: string,
  deviceName: string,
): Promise<Principal> {
  const place = await store.db
    .selectFrom('users')
    .select(['role', 'team', 'territory'])
    .where('id', '=', user)
    .executeTakeFirstOrThrow();
  const rest = { tenantName: 'Northgate Supply', app: '0.1.0' };
  return { tenant, user, userName, email, device, deviceName, ...place, ...rest };
}
