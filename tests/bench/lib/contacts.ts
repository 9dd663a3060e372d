import { uuidv7 } from '../../../shared/sync/ids.ts';
import type { WireRow } from '../../../shared/sync/wire.ts';
import { cities, companyKinds, companyWords, firstNames, lastNames, remarks, tags, titles } from './names.ts';
import { pick, pickSkewed, type Random, randomBytes, seeded, whole } from './random.ts';

/** The people and places that contacts refer to. */
export interface Company {
  readonly tenant: string;
  readonly users: readonly string[];
  readonly team: string;
  readonly territories: readonly string[];
  readonly accounts: readonly { readonly id: string; readonly domain: string }[];
}

const START = Date.UTC(2025, 0, 6, 8);

/** The length, as JSON on the wire and in bytes, that a remark fills short contacts up to; the mean is 600. */
const FILL_TO = 572;

export function makeCompany(seed: number, tenant?: string): Company {
  const random = seeded(seed);
  const id = () => uuidv7(START - whole(random, 1e9), randomBytes(random));
  return {
    tenant: tenant ?? id(),
    users: Array.from({ length: 40 }, id),
    team: id(),
    territories: Array.from({ length: 8 }, id),
    accounts: Array.from({ length: 2_000 }, (_, index) => {
      const word = companyWords[index % companyWords.length] ?? '';
      const kind = pick(random, companyKinds);
      return { id: id(), domain: `${word}-${kind}${index % 97}.example`.toLowerCase() };
    }),
  };
}

/** Contacts as the server sends them: the same ones for the same seed, made one after another over a year. */
export function* makeContacts(seed: number, count: number, company: Company): Generator<WireRow> {
  const random = seeded(seed);
  const bytes = randomBytes(random);
  let now = START;
  for (let index = 0; index < count; index += 1) {
    now += 1 + whole(random, 2 * Math.floor((300 * 86_400_000) / Math.max(count, 1)));
    yield contact(random, uuidv7(now, bytes), new Date(now).toISOString(), company);
  }
}

function contact(random: Random, id: string, at: string, company: Company): WireRow {
  const firstName = pickSkewed(random, firstNames);
  const lastName = pickSkewed(random, lastNames);
  const account = pick(random, company.accounts);
  const owner = pick(random, company.users);
  const city = pickSkewed(random, cities);
  const address = `${plain(firstName)}.${plain(lastName)}@${account.domain}`;
  const body: Record<string, unknown> = { firstName, lastName };
  if (random() < 0.5) body.title = pick(random, titles);
  if (random() < 0.4) body.account = account.id;
  if (random() < 0.6) body.emails = [{ id: 'e1', type: 'work', address }];
  if (random() < 0.4) body.phones = [{ id: 'p1', type: 'work', number: phone(random) }];
  if (random() < 0.4) body.city = city;
  if (random() < 0.1) body.tags = [pick(random, tags)];
  const row: WireRow = {
    collection: 'contacts',
    id,
    rev: 1,
    deleted: false,
    owner,
    team: company.team,
    territory: pick(random, company.territories),
    createdAt: at,
    createdBy: owner,
    updatedAt: at,
    updatedBy: owner,
    body,
  };
  const missing = FILL_TO - Buffer.byteLength(JSON.stringify(row));
  if (missing > 20) body.description = remark(random, missing - 17);
  return row;
}

/** Whole sentences, cut so that the contact gets its length. */
function remark(random: Random, length: number): string {
  let text = pick(random, remarks);
  while (text.length < length) text += ` ${pick(random, remarks)}`;
  return text.slice(0, length).trimEnd();
}

function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[^a-zA-Z]/g, '')
    .toLowerCase();
}

function phone(random: Random): string {
  const block = () => String(100 + whole(random, 900));
  return `+${pick(random, ['44', '49', '33', '1', '48', '34'])} ${block()} ${block()} ${block()}`;
}

/** What a company with this domain is called. */
export const accountName = (domain: string): string =>
  domain
    .replace('.example', '')
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');

/** What people type into the search box: the beginnings of names, one letter more each time. */
export function typedPrefixes(seed: number, people: number): string[] {
  const random = seeded(seed);
  const typed: string[] = [];
  for (let index = 0; index < people; index += 1) {
    const text = random() < 0.5 ? pickSkewed(random, lastNames) : fullName(random);
    for (let length = 1; length <= text.length; length += 1) {
      const prefix = text.slice(0, length).toLowerCase();
      if (!prefix.endsWith(' ')) typed.push(prefix);
    }
  }
  return typed;
}

const fullName = (random: Random) => `${pickSkewed(random, firstNames)} ${pickSkewed(random, lastNames)}`;
