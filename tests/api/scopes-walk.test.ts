import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Reach, reaches } from '../../shared/rules/reach.ts';
import { formatStamp } from '../../shared/sync/hlc.ts';
import type { Change, Membership, Mutation, WireRow } from '../../shared/sync/wire.ts';
import { companyId } from '../../sync-server/company/definitions.ts';
import { movePerson, setReach } from '../../sync-server/company/scopes.ts';
import { writeRecords } from '../../sync-server/store/bulk.ts';
import type { Principal } from '../../sync-server/store/principal.ts';
import { verifyAudit } from '../../sync-server/store/verify-audit.ts';
import { Mirror } from '../factories/mirror.ts';
import { newId, startServer, type TestServer } from '../factories/server.ts';

const SOURCE = { kind: 'admin', name: 'test' };
const PEOPLE = ['Ann', 'Ben', 'Eve'] as const;
/** Territories by name with what they lie under. */
const TREE = { country: '', north: 'country', 'north-east': 'north', south: 'country' } as const;
const TERRITORIES = [...Object.keys(TREE), ''];
type Tree = Record<string, string>;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const person = fc.nat(PEOPLE.length - 1);
const pick = fc.nat(11);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('create' as const), person, for: person }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('edit' as const), person, pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hand-over' as const), person, pick, to: person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), person, pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restore' as const), person, pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('move' as const), person, pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('tree' as const), pick, under: pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reach' as const), pick }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('pull' as const), person, limit: fc.integer({ min: 1, max: 8 }) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A company, its people with a mirror each, and the plainest model of who sees what. */
class Walk {
  readonly tenant: string;
  readonly people: Principal[] = [];
  readonly mirrors = PEOPLE.map(() => new Mirror());
  readonly deals = new Map<string, { owner: number; territory: string; deleted: boolean }>();
  readonly where = PEOPLE.map(() => 'north');
  readonly tree: Tree = { ...TREE };
  readonly ids = new Map<string, string>();
  reach: Reach = 'company';
  #clock = 0;

  constructor(tenant: string) {
    this.tenant = tenant;
  }

  static async begin(): Promise<Walk> {
    const { id: tenant } = await server.addCompany();
    const walk = new Walk(tenant);
    for (const name of Object.keys(TREE)) walk.ids.set(name, newId());
    await walk.writeTree();
    for (const name of PEOPLE) {
      const user = newId();
      const email = `${user}@example.com`;
      await server.store.accounts.putUser(tenant, {
        id: user,
        email,
        name,
        role: 'rep',
        territory: walk.territory('north'),
      });
      const who = { user, userName: name, email, role: 'rep', team: '', territory: '' };
      walk.people.push({ ...who, tenant, tenantName: '', device: newId(), deviceName: name, app: '' });
    }
    return walk;
  }

  territory(name: string): string {
    return this.ids.get(name) ?? '';
  }

  async writeTree(): Promise<void> {
    const areas = Object.entries(this.tree).map(([name, parent]) => ({
      collection: 'directory' as const,
      id: this.territory(name),
      body: { kind: 'territory', name, parent: parent === '' ? null : this.territory(parent) },
    }));
    await writeRecords(server.store, this.tenant, areas, SOURCE);
  }

  deal(pick: number): string | undefined {
    return [...this.deals.keys()][pick % Math.max(1, this.deals.size)];
  }

  /** Below or the same, whatever circle somebody has made. */
  isUnder(name: string, top: string): boolean {
    const seen = new Set<string>();
    for (let at = name; at !== '' && !seen.has(at); at = this.tree[at] ?? '') {
      if (at === top) return true;
      seen.add(at);
    }
    return false;
  }

  sees(who: number, id: string): boolean {
    const deal = this.deals.get(id);
    if (deal === undefined) return false;
    if (this.reach === 'company' || deal.owner === who) return true;
    const top = this.where[who] ?? '';
    return (
      this.reach === 'territory' && top !== '' && deal.territory !== '' && this.isUnder(deal.territory, top)
    );
  }

  async push(who: number, part: Partial<Mutation> & Pick<Mutation, 'record'>): Promise<string> {
    this.#clock += 1;
    const now = Date.now();
    const mutation: Mutation = {
      id: newId(),
      collection: 'deals',
      op: 'set',
      field: '',
      base: null,
      baseRev: 1_000_000,
      value: null,
      clock: formatStamp({ millis: now, counter: this.#clock, node: this.at(who).device }),
      madeAt: new Date(now).toISOString(),
      offline: false,
      ...part,
    };
    const { verdicts } = await server.store
      .repository(this.at(who))
      .push('', [{ id: newId(), mutations: [mutation] }]);
    return verdicts[0]?.status ?? 'undecided';
  }

  async pull(who: number, limit: number, mirror = this.mirror(who)): Promise<Mirror> {
    for (;;) {
      const page = await server.store.repository(this.at(who)).pull(mirror.checkpoint, limit);
      mirror.apply({
        ...page,
        lost: [...page.lost],
        epoch: server.store.origin.epoch,
        serverTime: '',
        rows: page.rows.map((text) => JSON.parse(text) as WireRow),
        memberships: page.memberships.map((text) => JSON.parse(text) as Membership),
        changes: page.changes.map((text) => JSON.parse(text) as Change),
      });
      if (!page.more) return mirror;
    }
  }

  mirror(who: number): Mirror {
    return this.mirrors[who] as Mirror;
  }

  at(who: number): Principal {
    return this.people[who] as Principal;
  }

  async run(step: Step): Promise<void> {
    switch (step.do) {
      case 'create': {
        const record = newId();
        const pipeline = companyId(this.tenant, 'pipeline\ndefault');
        const value = { name: 'Racks', pipeline, stage: 'prospecting', owner: this.at(step.for).user };
        expect(await this.push(step.person, { record, op: 'create', value })).toBe('accepted');
        this.deals.set(record, { owner: step.for, territory: this.where[step.for] ?? '', deleted: false });
        return;
      }
      case 'pull':
        await this.pull(step.person, step.limit);
        return;
      case 'move': {
        const to = TERRITORIES[step.pick % TERRITORIES.length] ?? '';
        const { user } = this.at(step.person);
        await movePerson(server.store, this.tenant, user, { territory: this.territory(to) }, SOURCE);
        this.where[step.person] = to;
        return;
      }
      case 'tree': {
        const names = Object.keys(this.tree);
        const name = names[step.pick % names.length] ?? '';
        this.tree[name] = TERRITORIES[step.under % TERRITORIES.length] ?? '';
        await this.writeTree();
        return;
      }
      case 'reach':
        this.reach = reaches[step.pick % reaches.length] ?? 'company';
        await setReach(server.store, this.tenant, 'rep', this.reach, SOURCE);
        return;
      default:
        await this.#change(step);
    }
  }

  async #change(step: Extract<Step, { do: 'edit' | 'hand-over' | 'delete' | 'restore' }>): Promise<void> {
    const record = this.deal(step.pick);
    const deal = record === undefined ? undefined : this.deals.get(record);
    if (record === undefined || deal === undefined) return;
    const part: Partial<Mutation> =
      step.do === 'edit'
        ? { field: 'nextStep', value: `step ${this.#clock}` }
        : step.do === 'hand-over'
          ? { field: 'owner', base: this.at(deal.owner).user, value: this.at(step.to).user }
          : { op: step.do };
    const expected = this.sees(step.person, record) ? 'accepted' : 'quarantined';
    expect(await this.push(step.person, { record, ...part }), step.do).toBe(expected);
    if (expected === 'quarantined') return;
    if (step.do === 'delete') deal.deleted = true;
    if (step.do === 'restore') deal.deleted = false;
    // Edits of deleted records go to the inbox and change nothing.
    if (step.do === 'hand-over' && !deal.deleted && deal.owner !== step.to) {
      deal.owner = step.to;
      deal.territory = this.where[step.to] ?? '';
    }
  }

  /** Everything that must hold once everybody has pulled. */
  async check(): Promise<void> {
    for (const who of PEOPLE.keys()) {
      const mirror = await this.pull(who, 5);
      const expected = [...this.deals].filter(([id, { deleted }]) => !deleted && this.sees(who, id));
      const held = [...mirror.rows.values()].filter(({ collection }) => collection === 'deals');
      expect(held.map(({ id }) => id).sort()).toEqual(expected.map(([id]) => id).sort());
      const anew = await this.pull(who, 100, new Mirror());
      expect(mirror.content()).toEqual(anew.content());
      for (const [bucket, digest] of Object.entries(mirror.digests))
        expect(mirror.digest(bucket)).toBe(digest);
    }
    expect(await verifyAudit(server.store.db, server.store.origin, this.tenant)).toMatchObject({
      fault: null,
    });
  }
}

test('whatever is made, edited, handed over and deleted, and whoever is moved meanwhile: everybody holds exactly what they may see', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), async (steps) => {
      const walk = await Walk.begin();
      for (const one of steps) await walk.run(one);
      await walk.check();
    }),
    { numRuns: 40 },
  );
});
