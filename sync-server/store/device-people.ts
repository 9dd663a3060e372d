import type { Db, Tx } from './dialect.ts';

/** A device as lists name it: its own name, and the person whose it is. */
export interface DevicePerson {
  readonly device: string;
  readonly deviceName: string;
  readonly user: string;
  readonly userName: string;
}

/** Devices of a company with the person whose each one is, for whatever is listed by device. */
export function devicesWithPeople(db: Db | Tx, tenant: string) {
  return db
    .selectFrom('devices')
    .innerJoin('users', 'users.id', 'devices.user')
    .where('devices.tenant', '=', tenant);
}

/** The names to show beside a device's id. */
export async function devicePeople(db: Db, tenant: string): Promise<Map<string, DevicePerson>> {
  const found = await devicesWithPeople(db, tenant)
    .select(['devices.id as device', 'devices.name as deviceName', 'users.id as user'])
    .select('users.name as userName')
    .execute();
  return new Map(found.map((one) => [one.device, one]));
}

/** Lines with the names of their devices; one whose device is not known any more is left out. */
export function withDevices<T extends { readonly device: string }>(
  lines: readonly T[],
  people: ReadonlyMap<string, DevicePerson>,
): (T & DevicePerson)[] {
  return lines.flatMap((line) => {
    const person = people.get(line.device);
    return person === undefined ? [] : [{ ...line, ...person }];
  });
}
