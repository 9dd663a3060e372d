import type { Person } from '../company/company.ts';
import type { Wanted } from '../store/bulk.ts';
import { demoActivities } from './activities.ts';
import { demoDeals } from './deals.ts';
import { ownerOf, type Scene, sceneOf } from './scene.ts';
import {
  catalogueOfProducts,
  cities,
  firmKinds,
  firmStems,
  firstNames,
  jobTitles,
  lastNames,
} from './words.ts';

const COUNTS = { accounts: 60, contacts: 250, leads: 120 } as const;

/** Every record of the demo company; dates lie around `now`. */
export function demoRecords(
  tenant: string,
  people: readonly Person[],
  now: number,
  currency: string,
): Wanted[] {
  const scene = sceneOf(tenant, people, now, currency);
  const products = demoProducts(scene);
  const accounts = demoAccounts(scene);
  const contacts = demoContacts(scene, accounts);
  const leads = demoLeads(scene);
  const deals = demoDeals(scene, accounts, contacts, products);
  const activities = demoActivities(scene, accounts, contacts, deals);
  return [...products, ...accounts, ...contacts, ...leads, ...deals, ...activities];
}

function demoProducts(scene: Scene): Wanted[] {
  return catalogueOfProducts.map((product, index) => ({
    collection: 'products',
    id: scene.id('product', index),
    body: {
      name: product.name,
      code: product.code,
      family: product.family,
      price: { minor: product.minor, currency: scene.currency },
      active: true,
    },
  }));
}

function demoAccounts(scene: Scene): Wanted[] {
  const { chance } = scene;
  return Array.from({ length: COUNTS.accounts }, (_, index) => {
    const stem = firmStems[index % firmStems.length] ?? 'Northgate';
    const kind = firmKinds[(index * 5 + Math.floor(index / firmStems.length)) % firmKinds.length];
    const owner = scene.reps[index % scene.reps.length];
    if (kind === undefined || owner === undefined) throw new Error('the demo needs firms and reps');
    const place = chance.pick(cities);
    const domain = `${stem.toLowerCase().replaceAll(' ', '')}-${kind.word.toLowerCase()}.example`;
    return scene.record('accounts', scene.id('account', index), owner, chance.between(60, 900), {
      name: `${stem} ${kind.word}`,
      type: chance.chance(0.6) ? 'customer' : 'prospect',
      industry: kind.industry,
      website: `https://www.${domain}`,
      domain,
      phones: [{ id: 'main', type: 'work', number: phone(chance) }],
      billing: {
        street: `${chance.between(1, 180)} ${chance.pick(['Mill Lane', 'Station Road', 'Canal Street', 'Park Way'])}`,
        city: place.city,
        country: place.country,
        latitude: place.at[0],
        longitude: place.at[1],
      },
      country: place.country,
      employees: chance.between(8, 2400),
      revenue: { minor: chance.between(8, 900) * 10_000_000, currency: scene.currency },
      founded: chance.between(1948, 2019),
      rating: chance.pick(['hot', 'warm', 'warm', 'cold']),
    });
  });
}

function demoContacts(scene: Scene, accounts: readonly Wanted[]): Wanted[] {
  const { chance } = scene;
  return Array.from({ length: COUNTS.contacts }, (_, index) => {
    const account = accounts[index % accounts.length] ?? chance.pick(accounts);
    const firstName = chance.pick(firstNames);
    const lastName = chance.pick(lastNames);
    return scene.record(
      'contacts',
      scene.id('contact', index),
      ownerOf(scene, account),
      chance.between(10, 600),
      {
        firstName,
        lastName,
        title: chance.pick(jobTitles),
        account: account.id,
        emails: [
          {
            id: 'work',
            type: 'work',
            address: `${firstName}.${lastName}@${String(account.body.domain)}`.toLowerCase(),
          },
        ],
        phones: [{ id: 'work', type: 'work', number: phone(chance) }],
        city: (account.body.billing as { city: string }).city,
        ...(chance.chance(0.04) ? { doNotCall: true } : {}),
      },
    );
  });
}

function demoLeads(scene: Scene): Wanted[] {
  const { chance } = scene;
  return Array.from({ length: COUNTS.leads }, (_, index) => {
    const firstName = chance.pick(firstNames);
    const lastName = chance.pick(lastNames);
    const company = `${chance.pick(lastNames)} ${chance.pick(firmKinds).word}`;
    const age = chance.between(0, 120);
    const status = chance.pick(['new', 'new', 'assigned', 'working', 'working', 'nurturing', 'dead']);
    return scene.record('leads', scene.id('lead', index), chance.pick(scene.reps), age, {
      firstName,
      lastName,
      company,
      title: chance.pick(jobTitles),
      status,
      rating: chance.pick(['hot', 'warm', 'cold']),
      source: chance.pick(['Trade fair', 'Website', 'Recommendation', 'Phone']),
      amount: { minor: chance.between(5, 400) * 10_000, currency: scene.currency },
      emails: [
        {
          id: 'work',
          type: 'work',
          address: `${firstName}@${company.replaceAll(' ', '-')}.example`.toLowerCase(),
        },
      ],
      ...(status === 'dead' ? {} : { nextFollowUp: scene.date(chance.between(-6, 30)) }),
    });
  });
}

/** Numbers from the range that Ofcom keeps free for stories. */
function phone(chance: Scene['chance']): string {
  return `+44 113 496 0${chance.between(0, 999).toString().padStart(3, '0')}`;
}
