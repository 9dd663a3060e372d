import { uuidv7 } from '../../shared/sync/ids.ts';
import { movePerson, setReach } from '../../sync-server/company/scopes.ts';
import { writeRecords } from '../../sync-server/store/bulk.ts';
import type { Store } from '../../sync-server/store/store.ts';
import { areaRows, type Company, TEAMS, TERRITORIES } from './company.ts';
import { type Counts, count, type Step } from './history.ts';
import { Chance } from './random.ts';
import { principalOf } from './who.ts';

export const SOURCE = { kind: 'admin', name: 'simulator' };

export type AdminStep = Extract<
  Step,
  { do: 'move' | 'role' | 'reach' | 'tree' | 'quarantine' | 'later-record' }
>;

/** A server that runs. */
export interface Administered {
  readonly store: Store;
  readonly company: Company;
}

/** What an admin does to who sees what, and to what is held. */
export class Admin {
  readonly #counts: Counts;
  /** What lies under what by now, where it was changed. */
  readonly #tree: Record<string, string> = {};

  constructor(counts: Counts) {
    this.#counts = counts;
  }

  async do(step: AdminStep, { store, company }: Administered): Promise<void> {
    const chance = new Chance(step.chance);
    const { tenant } = company;
    count(this.#counts, step.do);
    const person = 'person' in step ? company.people[step.person % company.people.length]?.user : undefined;
    switch (step.do) {
      case 'move': {
        const territory = chance.pick([...Object.keys(TERRITORIES), '']);
        const team = chance.pick([...Object.keys(TEAMS), '']);
        const place = chance.happens(0.5)
          ? { territory: company.areas[territory] ?? '' }
          : { team: company.areas[team] ?? '' };
        return movePerson(store, tenant, person ?? '', place, SOURCE);
      }
      case 'role':
        return movePerson(
          store,
          tenant,
          person ?? '',
          { role: chance.pick(['rep', 'manager', 'read-only']) },
          SOURCE,
        );
      case 'reach': {
        const reach = chance.pick(['company', 'territory', 'team', 'own']);
        await setReach(store, tenant, chance.pick(['rep', 'rep', 'manager']), reach, SOURCE);
        return;
      }
      case 'tree': {
        const name = chance.pick(['north', 'north-east', 'south', 'hunters', 'farmers']);
        const others = name in TEAMS ? Object.keys(TEAMS) : Object.keys(TERRITORIES);
        this.#tree[name] = chance.pick(others.filter((other) => other !== name));
        await writeRecords(store, tenant, areaRows(company.areas, this.#tree), SOURCE);
        return;
      }
      case 'later-record': {
        const { now, random } = store.environment;
        const { user } = chance.pick(company.people);
        const id = uuidv7(now(), random);
        const laterTerms = { list: [chance.below(1_000_000), null], text: 'Zoë' };
        const body = { name: `Mill t${chance.below(2 ** 31).toString(36)}later`, laterTerms };
        await writeRecords(store, tenant, [{ collection: 'accounts', id, owner: user, body }], SOURCE);
        return;
      }
      case 'quarantine': {
        const held = await store.quarantine.list(tenant, 'held');
        if (held.length === 0) return;
        const { id } = chance.pick(held);
        const admin = await principalOf(store, company.admin, '', 'Console');
        if (chance.happens(0.7)) await store.quarantine.restore(admin, id);
        else await store.quarantine.dismiss(admin, id);
      }
    }
  }
}
