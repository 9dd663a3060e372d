import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { collections } from '../../electron/records/collections.ts';
import { Engine } from '../../electron/store/engine/engine.ts';
import { uuidv7 } from '../../shared/sync/ids.ts';
import { addCompany, putPeople } from '../../sync-server/company/company.ts';
import { companyId } from '../../sync-server/company/definitions.ts';
import { writeRecords } from '../../sync-server/store/bulk.ts';
import type { Environment } from '../../sync-server/store/environment.ts';
import { type Databases, files } from './database.ts';
import { Chance } from './random.ts';

/** When every history begins. */
export const START = Date.UTC(2027, 0, 4, 8);

/** Territories and teams by name with what they lie under. */
export const TERRITORIES = {
  country: '',
  north: 'country',
  'north-east': 'north',
  south: 'country',
} as const;
export const TEAMS = { sales: '', hunters: 'sales', farmers: 'sales' } as const;
export const PEOPLE = [
  { name: 'Ann', role: 'rep', territory: 'north', team: 'hunters' },
  { name: 'Ben', role: 'rep', territory: 'south', team: 'farmers' },
  { name: 'Cas', role: 'manager', territory: 'country', team: 'sales' },
] as const;
const ADMIN = { name: 'Dee', role: 'admin', territory: '', team: '' } as const;
/** Devices by the person who has them. */
export const DEVICES: readonly { readonly person: number; readonly name: string }[] = [
  { person: 0, name: 'Laptop of Ann' },
  { person: 1, name: 'Laptop of Ben' },
  { person: 0, name: 'Tablet of Ann' },
  { person: 2, name: 'Laptop of Cas' },
];

export interface Who {
  readonly tenant: string;
  readonly user: string;
  readonly userName: string;
  readonly email: string;
}

/** A company as every history finds it. */
export interface Company {
  readonly data: string;
  readonly databases: Databases;
  readonly tenant: string;
  readonly people: readonly Who[];
  readonly admin: Who;
  readonly devices: readonly string[];
  /** Of each device. */
  readonly refreshTokens: readonly string[];
  /** Folder with a device's store that nothing was written to yet. */
  readonly store: string;
  /** Ids of territories and teams by name. */
  readonly areas: Readonly<Record<string, string>>;
}

const SOURCE = { kind: 'set-up', name: 'simulator' };

/** Makes the server's data once; histories begin with a copy of it. */
export async function makeCompany(
  folder: string,
  databases: Databases = files,
  start = START,
): Promise<Company> {
  const chance = new Chance('company');
  let now = start - 1_000_000;
  const environment: Environment = {
    now: () => {
      now += 1;
      return now;
    },
    random: (length) => chance.bytes(length),
  };
  const id = () => uuidv7(environment.now(), environment.random);
  const data = mkdtempSync(join(folder, 'company-'));
  const store = await (await databases.empty(data)).open(environment);
  try {
    const { id: tenant } = await addCompany(store, { slug: 'northgate', name: 'Northgate Supply' });
    const areas: Record<string, string> = {};
    for (const name of [...Object.keys(TERRITORIES), ...Object.keys(TEAMS)]) areas[name] = id();
    await writeRecords(store, tenant, areaRows(areas), SOURCE);
    const added = await putPeople(
      store,
      tenant,
      [...PEOPLE, ADMIN].map(({ name, role, territory, team }) => ({
        name,
        role,
        email: `${name.toLowerCase()}@example.com`,
        territory: areas[territory] ?? '',
        team: areas[team] ?? '',
      })),
      SOURCE,
    );
    const people = added.map(({ id: user, name, email }): Who => ({ tenant, user, userName: name, email }));
    const admin = people.pop();
    if (admin === undefined) throw new Error('nobody was added');
    await writeRecords(
      store,
      tenant,
      firstRecords(people, areas, companyId(tenant, 'pipeline\ndefault'), id),
      SOURCE,
    );
    const devices: string[] = [];
    const refreshTokens: string[] = [];
    for (const { person, name } of DEVICES) {
      const user = await store.accounts.userByEmail(people[person]?.email ?? '');
      if (user === undefined) throw new Error('nobody has this device');
      const device = id();
      devices.push(device);
      const session = await store.sessions.signIn(
        user,
        { id: device, name, platform: 'linux', app: '0.1.0' },
        '',
      );
      refreshTokens.push(session.refreshToken);
    }
    return {
      data,
      databases,
      tenant,
      people,
      admin,
      devices,
      refreshTokens,
      areas,
      store: emptyStore(folder),
    };
  } finally {
    await store.close();
  }
}

export const KEY = new Uint8Array(32).fill(7);
export const STORE_FILE = 'store.sqlite';

/** What every device's store is opened with, but for its place. */
export const storeOptions = {
  key: KEY,
  acceptOlder: false,
  nativeBinding: undefined,
  collections,
  owner: 'simulator',
} as const;

function emptyStore(folder: string): string {
  const store = mkdtempSync(join(folder, 'store-'));
  const file = join(store, STORE_FILE);
  new Engine({ ...storeOptions, file, create: true }, () => undefined).close();
  return store;
}

export function areaRows(
  areas: Readonly<Record<string, string>>,
  changed: Readonly<Record<string, string>> = {},
) {
  const rows = (kind: string, tree: Readonly<Record<string, string>>) =>
    Object.entries({ ...tree }).map(([name, above]) => {
      const parent = areas[changed[name] ?? above] ?? '';
      return {
        collection: 'directory' as const,
        id: areas[name] ?? '',
        body: { kind, name, parent: parent === '' ? null : parent },
      };
    });
  return [...rows('territory', TERRITORIES), ...rows('team', TEAMS)];
}

function firstRecords(
  people: readonly Who[],
  areas: Readonly<Record<string, string>>,
  pipeline: string,
  id: () => string,
) {
  const products = ['gear', 'belt'].map((name, index) => ({
    collection: 'products' as const,
    id: id(),
    body: {
      name: `${name} t0product${index}`,
      price: { minor: 1000, currency: 'USD' },
      cost: { minor: 999_000_000 + index, currency: 'USD' },
    },
  }));
  const accounts = people.map(({ user }, index) => ({
    collection: 'accounts' as const,
    id: id(),
    owner: user,
    territory: areas[PEOPLE[index]?.territory ?? ''] ?? '',
    team: areas[PEOPLE[index]?.team ?? ''] ?? '',
    body: { name: `Mill t0account${index}` },
  }));
  const owned = (index: number) => {
    const { user } = people[index % people.length] ?? { user: '' };
    const place = PEOPLE[index % PEOPLE.length];
    return {
      owner: user,
      territory: areas[place?.territory ?? ''] ?? '',
      team: areas[place?.team ?? ''] ?? '',
    };
  };
  const deals = [0, 1, 2].map((index) => ({
    collection: 'deals' as const,
    id: id(),
    ...owned(index),
    body: {
      name: `Racks t0deal${index}`,
      pipeline,
      stage: 'prospecting',
      amount: { minor: 500 + index, currency: 'USD' },
      closeDate: '2027-02-01',
      tags: ['t0tag', `t0tag${index}`],
    },
  }));
  const contacts = [0, 1].map((index) => ({
    collection: 'contacts' as const,
    id: id(),
    ...owned(index),
    body: { lastName: `Poe t0contact${index}` },
  }));
  const activities = [0, 1].map((index) => ({
    collection: 'activities' as const,
    id: id(),
    ...owned(index + 1),
    body: {
      type: 'note',
      text: `Told t0activity${index}`,
      regarding: deals[0]?.id,
      regardingCollection: 'deals',
    },
  }));
  return [...products, ...accounts, ...deals, ...contacts, ...activities];
}
