import type { NewPerson } from '../company/company.ts';
import { personId } from '../company/company.ts';
import { companyId } from '../company/definitions.ts';
import type { Wanted } from '../store/bulk.ts';

export const DEMO = { slug: 'northgate', name: 'Northgate Supply', currency: 'USD' } as const;

const team = (tenant: string, key: string) => companyId(tenant, `team\n${key}`);
const territory = (tenant: string, key: string) => companyId(tenant, `territory\n${key}`);
const email = (name: string) => `${name}@northgate.example`;

/** Teams and territories of the demo company, with the manager above them. */
export function demoDirectory(tenant: string): Wanted[] {
  const manager = personId(tenant, email('helena'));
  const entry = (id: string, kind: string, name: string, parent?: string): Wanted => ({
    collection: 'directory',
    id,
    body: { kind, name, manager, active: true, ...(parent === undefined ? {} : { parent }) },
  });
  const all = territory(tenant, 'all');
  return [
    entry(all, 'territory', 'Northgate'),
    entry(territory(tenant, 'north'), 'territory', 'North', all),
    entry(territory(tenant, 'south'), 'territory', 'South', all),
    entry(team(tenant, 'field'), 'team', 'Field sales'),
    entry(team(tenant, 'office'), 'team', 'Office'),
  ];
}

export function demoPeople(tenant: string): NewPerson[] {
  const field = team(tenant, 'field');
  const manager = personId(tenant, email('helena'));
  const rep = (name: string, key: string, region: string): NewPerson => ({
    name,
    email: email(key),
    role: 'rep',
    team: field,
    territory: territory(tenant, region),
    manager,
  });
  return [
    { name: 'Sam Sorensen', email: email('sam'), role: 'admin', team: team(tenant, 'office') },
    {
      name: 'Helena Varga',
      email: email('helena'),
      role: 'manager',
      team: field,
      territory: territory(tenant, 'all'),
    },
    rep('Mara Lindahl', 'mara', 'north'),
    rep('Tomas Farrow', 'tomas', 'north'),
    rep('Aisha Mirza', 'aisha', 'south'),
  ];
}
