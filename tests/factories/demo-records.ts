import type { AuditEntry, RecordRow, SyncMark } from '../../shared/ipc.ts';
import { type Body, type CollectionName, entityOf } from '../../shared/model/index.ts';
import { defaultStages } from '../../shared/rules/stages.ts';

/** An invented company of about 1,000 records, the same every time. For pictures and component tests only. */
export interface DemoRecords {
  readonly rows: Map<CollectionName, RecordRow[]>;
  readonly audit: AuditEntry[];
  readonly names: Map<string, string>;
  readonly me: string;
}

/** The day on which the invented company lives. */
export const demoNow = '2017-11-14T09:52:00Z';

const people = [
  'Nora Lindqvist',
  'Tomas Arendt',
  'Ines Caballero',
  'Jonah Whitlock',
  'Mara Okonjo',
  'Felix Brandauer',
  'Priya Nambiar',
  'Callum Reyes',
  'Sofia Marchetti',
  'Daniel Osei',
  'Hanna Virtanen',
  'Marcus Feld',
  'Leila Haddad',
  'Owen Prescott',
  'Greta Holm',
  'Rafael Duarte',
];
const firsts = [
  'Alma',
  'Boris',
  'Clara',
  'Dev',
  'Elsa',
  'Frank',
  'Gita',
  'Hugo',
  'Iris',
  'Jamal',
  'Karin',
  'Luis',
  'Mila',
  'Niko',
  'Olga',
  'Pavel',
  'Quinn',
  'Rosa',
  'Stefan',
  'Tessa',
];
const lasts = [
  'Adler',
  'Bianchi',
  'Cole',
  'Dahl',
  'Eklund',
  'Fontaine',
  'Grant',
  'Hale',
  'Ivanov',
  'Jansen',
  'Keller',
  'Lopez',
  'Moreau',
  'Nakata',
  'Ortiz',
  'Petrov',
  'Quist',
  'Rossi',
  'Sato',
  'Tanner',
];
const heads = [
  'Halden',
  'Brightwell',
  'Corvane',
  'Dunmore',
  'Eastlake',
  'Ferrow',
  'Glenrock',
  'Harrowgate',
  'Ironvale',
  'Juniper',
  'Kestrel',
  'Larkfield',
  'Merrow',
  'Northbeam',
  'Oakhurst',
  'Penrose',
  'Quillon',
  'Rivermark',
  'Stonebridge',
  'Tallis',
];
const tails = ['Works', 'Medical', 'Supply', 'Group', 'Labs', 'Logistics'];
const sectors = ['Medical', 'Retail', 'Software', 'Logistics', 'Manufacturing', 'Hospitality'];
const wares = ['GX Field 500', 'GX Field Pro', 'MX Advanced', 'MX Special', 'Survey Kit', 'Depot Link'];
const jobs = [
  'Head of procurement',
  'Plant director',
  'Operations lead',
  'Buyer',
  'Site manager',
  'Finance lead',
];

export function demoRecords(deals = 520): DemoRecords {
  const random = seeded(20_171_114);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const rows = new Map<CollectionName, RecordRow[]>();
  const names = new Map<string, string>();
  const start = Date.parse(demoNow);
  const day = (offset: number) => new Date(start + offset * 86_400_000).toISOString().slice(0, 10);
  const at = (minutesAgo: number) => new Date(start - minutesAgo * 60_000).toISOString();
  const userIds = people.map((_, index) => `user-${pad(index)}`);
  const owner = () => (random() < 0.3 ? 'user-00' : pick(userIds));

  const add = (
    collection: CollectionName,
    id: string,
    body: Body,
    extra: Partial<RecordRow> = {},
  ): RecordRow => {
    const row: RecordRow = {
      collection,
      id,
      rev: 1,
      deleted: false,
      name: entityOf(collection).title(body),
      owner: '',
      team: 'team-central',
      territory: 'territory-central',
      createdAt: at(whole(20_000, 200_000)),
      createdBy: 'user-01',
      updatedAt: at(whole(1, 40_000)),
      updatedBy: 'user-01',
      body,
      mark: 'in-step',
      ...extra,
    };
    const list = rows.get(collection) ?? [];
    list.push(row);
    rows.set(collection, list);
    names.set(id, row.name);
    return row;
  };

  add('definitions', 'pipeline-field', {
    kind: 'pipeline',
    name: 'Field sales',
    order: 0,
    stages: defaultStages.map((stage) =>
      stage.id === 'proposal'
        ? { ...stage, limit: 120 }
        : stage.id === 'negotiation'
          ? { ...stage, limit: 90 }
          : stage,
    ),
  });
  add('definitions', 'lost-reasons', {
    kind: 'lostReasons',
    name: 'Lost reasons',
    choices: ['Price', 'Chose a competitor', 'No budget', 'No answer'],
  });
  add('definitions', 'company', { kind: 'company', name: 'Harbour Field', currency: 'USD' });
  for (const territory of ['Central', 'East', 'West']) {
    add('directory', `territory-${territory.toLowerCase()}`, { kind: 'territory', name: territory });
    add('directory', `team-${territory.toLowerCase()}`, { kind: 'team', name: `${territory} team` });
  }
  people.forEach((name, index) => {
    add('directory', `user-${pad(index)}`, {
      kind: 'user',
      name,
      email: `${name.toLowerCase().replace(' ', '.')}@harbour.example`,
      role: index === 1 ? 'manager' : index === 2 ? 'admin' : 'rep',
      active: true,
    });
  });
  wares.forEach((name, index) => {
    add('products', `product-${index}`, {
      name,
      code: `RB-${100 + index * 7}`,
      family: name.slice(0, 2) === 'GX' ? 'GX' : name.slice(0, 2) === 'MX' ? 'MX' : 'Other',
      price: usd(whole(40, 5_400)),
      active: index !== 3,
    });
  });
  for (let index = 0; index < 96; index += 1) {
    const name = `${heads[index % heads.length]} ${tails[Math.floor(index / heads.length)] ?? 'Trade'}`;
    add(
      'accounts',
      `account-${pad(index)}`,
      {
        name,
        type: pick(['customer', 'customer', 'prospect', 'partner', 'supplier']),
        industry: pick(sectors),
        country: pick(['United States', 'Canada', 'Germany', 'Kenya']),
        employees: whole(20, 9_000),
        revenue: usd(whole(1, 3_200) * 1_000_000),
        website: `https://www.${name.toLowerCase().replace(/ /g, '-')}.example`,
      },
      { owner: owner() },
    );
  }
  for (let index = 0; index < 180; index += 1) {
    const [first, last] = [firsts[index % 20] ?? '', pick(lasts)];
    add(
      'contacts',
      `contact-${pad(index)}`,
      {
        firstName: first,
        lastName: last,
        title: pick(jobs),
        account: `account-${pad(whole(0, 95))}`,
        emails: [{ id: 'e', type: 'work', address: `${first}.${last}@example.com`.toLowerCase() }],
        phones: [{ id: 'p', type: 'work', number: `+1 312 555 ${whole(1000, 9999)}` }],
      },
      { owner: owner(), mark: index === 4 ? 'waiting' : 'in-step' },
    );
  }
  for (let index = 0; index < 90; index += 1) {
    add(
      'leads',
      `lead-${pad(index)}`,
      {
        firstName: pick(firsts),
        lastName: pick(lasts),
        company: `${pick(heads)} ${pick(tails)}`,
        status: pick(['new', 'assigned', 'working', 'nurturing', 'converted', 'dead']),
        rating: pick(['hot', 'warm', 'cold']),
        source: pick(['Trade show', 'Web', 'Referral']),
        amount: usd(whole(1, 90) * 500),
        nextFollowUp: day(whole(-9, 30)),
      },
      { owner: owner() },
    );
  }
  for (let index = 0; index < deals; index += 1) {
    const account = whole(0, 95);
    const stage = pick(defaultStages);
    const closed = stage.outcome !== 'open';
    const mark: SyncMark =
      index % 61 === 3 ? 'waiting' : index === 5 || index === 140 ? 'needs-you' : 'in-step';
    add(
      'deals',
      `deal-${pad(index, 4)}`,
      {
        name: `${names.get(`account-${pad(account)}`)} ${pick(wares)}${random() < 0.3 ? `, ${whole(2, 45)} units` : ''}`,
        account: `account-${pad(account)}`,
        pipeline: 'pipeline-field',
        stage: stage.id,
        probability: stage.probability,
        ...(stage.id === 'prospecting' && random() < 0.3
          ? {}
          : { amount: usd(Math.round(60 + random() ** 4 * 190_000)) }),
        closeDate: day(closed ? whole(-200, -1) : whole(-14, 100)),
        openedOn: day(whole(-300, -210)),
        nextStep: 'Site survey',
        forecast: pick(['pipeline', 'best', 'commit']),
        product: `product-${whole(0, 5)}`,
        ...(stage.id === 'lost' ? { lostReason: 'Price' } : {}),
        stageEnteredAt: at(whole(10, 30_000)),
        tags: ['field'],
      },
      { owner: owner(), mark },
    );
  }
  for (let index = 0; index < 200; index += 1) {
    const type = pick(['task', 'call', 'meeting', 'visit', 'email', 'note']);
    const about = whole(0, deals - 1);
    add(
      'activities',
      `activity-${pad(index)}`,
      {
        type,
        subject: pick([
          'Send trial agreement',
          'Follow up on quote',
          'Stock check',
          'Plant visit',
          'Delivery split over two sites',
        ]),
        text: pick([
          'They want 18 units by January and asked for the advanced kit in the same order.',
          'Connected. Wants delivery split over two sites.',
          'Paid list price in March.',
        ]),
        regarding: `deal-${pad(about, 4)}`,
        regardingCollection: 'deals',
        status: pick(['open', 'done']),
        priority: 'normal',
        dueOn: day(whole(-6, 30)),
      },
      { owner: owner() },
    );
  }
  addInbox(add, names);
  return { rows, names, me: 'user-00', audit: demoAudit(rows, names, pick, whole, at) };
}

type Add = (collection: CollectionName, id: string, body: Body, extra?: Partial<RecordRow>) => RecordRow;

function addInbox(add: Add, names: Map<string, string>): void {
  add(
    'inbox',
    'inbox-0',
    {
      kind: 'conflict',
      subject: names.get('deal-0005'),
      collection: 'deals',
      record: 'deal-0005',
      field: 'amount',
      base: usd(54_820),
      server: {
        value: usd(60_302),
        user: 'user-01',
        device: 'Web, Chicago office',
        at: '2017-11-14T08:47:00.000Z',
      },
      device: {
        value: usd(65_784),
        user: 'user-00',
        device: 'Nora’s laptop',
        at: '2017-11-14T09:31:00.000Z',
        offline: true,
      },
      status: 'open',
      at: '2017-11-14T09:34:00.000Z',
    },
    { owner: 'user-00' },
  );
  add(
    'inbox',
    'inbox-1',
    {
      kind: 'refusal',
      subject: names.get('deal-0140'),
      collection: 'deals',
      record: 'deal-0140',
      field: 'stage',
      base: 'negotiation',
      device: {
        value: 'lost',
        user: 'user-00',
        device: 'Nora’s laptop',
        at: '2017-11-14T09:12:00.000Z',
        offline: true,
      },
      server: {
        value: 'negotiation',
        user: 'user-00',
        device: 'Nora’s laptop',
        at: '2017-11-10T09:12:00.000Z',
      },
      code: 'stage.lost_reason_required',
      reason: 'A lost deal needs a lost reason.',
      status: 'open',
      at: '2017-11-14T09:34:00.000Z',
    },
    { owner: 'user-00' },
  );
  for (let index = 2; index < 6; index += 1) {
    add(
      'inbox',
      `inbox-${index}`,
      {
        kind: 'conflict',
        subject: names.get(`deal-00${index}1`),
        collection: 'deals',
        record: `deal-00${index}1`,
        field: 'amount',
        base: usd(1_000),
        server: { value: usd(2_000 * index), user: 'user-01', device: 'Web', at: '2017-11-09T08:47:00.000Z' },
        device: {
          value: usd(3_000 * index),
          user: 'user-00',
          device: 'Nora’s laptop',
          at: '2017-11-09T09:31:00.000Z',
        },
        status: 'resolved',
        resolution: { choice: 'device', value: usd(3_000 * index) },
        at: `2017-11-0${index + 3}T09:34:00.000Z`,
      },
      { owner: 'user-00' },
    );
  }
}

function demoAudit(
  rows: Map<CollectionName, RecordRow[]>,
  names: Map<string, string>,
  pick: <T>(list: readonly T[]) => T,
  whole: (from: number, to: number) => number,
  at: (minutesAgo: number) => string,
): AuditEntry[] {
  const deals = rows.get('deals') ?? rows.get('accounts') ?? [];
  const total = 400;
  const entries: AuditEntry[] = [];
  for (let index = 0; index < total; index += 1) {
    const deal = pick(deals);
    const user = pick(['user-00', 'user-00', 'user-00', 'user-01', 'user-04']);
    const kind = pick(['change', 'change', 'change', 'change', 'create', 'sync', 'unlock', 'delete']);
    const field =
      kind === 'change' ? pick(['stage', 'amount', 'closeDate', 'owner', 'probability', 'nextStep']) : '';
    const [from, to] = fromTo(field, whole);
    const event = kind === 'sync' || kind === 'unlock';
    entries.push({
      seq: total - index,
      at: at(index * 17 + 1),
      kind,
      collection: event ? '' : 'deals',
      record: event ? '' : deal.id,
      name: event ? (kind === 'sync' ? '214 rows in, 3 out' : 'This device') : deal.name,
      field,
      from,
      to,
      user,
      userName: names.get(user) ?? user,
      device: 'device-1',
      deviceName: user === 'user-00' ? 'Nora’s laptop' : 'Web',
      offline: index < 4,
      state: event ? '' : index < 2 ? 'saved' : index === 5 ? 'conflict' : 'sent',
      hash: Array.from({ length: 64 }, () => whole(0, 15).toString(16)).join(''),
    });
  }
  return entries;
}

function fromTo(field: string, whole: (from: number, to: number) => number): [unknown, unknown] {
  switch (field) {
    case 'stage':
      return ['qualification', 'proposal'];
    case 'amount':
      return [usd(whole(1, 900) * 100), usd(whole(1, 900) * 100)];
    case 'closeDate':
      return ['2017-10-25', '2017-11-30'];
    case 'owner':
      return ['user-04', 'user-00'];
    case 'probability':
      return [20, 50];
    case 'nextStep':
      return ['Call back', 'Site survey'];
    default:
      return [null, null];
  }
}

function usd(major: number) {
  return { minor: major * 100, currency: 'USD' };
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}

/** mulberry32: small, and the same numbers everywhere. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
