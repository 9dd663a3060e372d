import { type NewPerson, personId } from '../company/company.ts';
import { companyId } from '../company/definitions.ts';
import type { Wanted } from '../store/bulk.ts';
import type { Mapping } from './mapping.ts';
import type { TableRow } from './tables.ts';

export interface Staff {
  readonly people: readonly NewPerson[];
  /** Territories and teams. */
  readonly directory: readonly Wanted[];
  /** People by the name that the files use. */
  readonly byName: ReadonlyMap<string, NewPerson>;
}

/** Managers, the people below them, one team per manager, one territory per office. */
export function readStaff(
  tenant: string,
  mapping: NonNullable<Mapping['people']>,
  rows: readonly TableRow[],
): Staff {
  const emailOf = (name: string) => `${slug(name)}@${mapping.emailDomain}`;
  const idOf = (name: string) => personId(tenant, emailOf(name));
  const territoryId = (name: string) => companyId(tenant, `territory\n${name}`);
  const teamId = (manager: string) => companyId(tenant, `team\n${manager}`);

  const byName = new Map<string, NewPerson>();
  const directory = new Map<string, Wanted>();
  for (const { values } of rows) {
    const name = values[mapping.person] ?? '';
    const manager = values[mapping.manager] ?? '';
    const territory = values[mapping.territory] ?? '';
    if (name === '' || manager === '') continue;
    const place = { team: teamId(manager), territory: territoryId(territory) };
    directory.set(place.territory, {
      collection: 'directory',
      id: place.territory,
      body: { kind: 'territory', name: territory, active: true },
    });
    directory.set(place.team, {
      collection: 'directory',
      id: place.team,
      body: { kind: 'team', name: `Team ${manager}`, manager: idOf(manager), active: true },
    });
    byName.set(manager, { name: manager, email: emailOf(manager), role: 'manager', ...place });
    if (byName.get(name)?.role !== 'manager') {
      byName.set(name, { name, email: emailOf(name), role: 'rep', manager: idOf(manager), ...place });
    }
  }
  return { people: [...byName.values()], directory: [...directory.values()], byName };
}

function slug(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '.')
    .replace(/^\.+|\.+$/g, '');
}
