import type { CollectionName, Row } from '../model/index.ts';
import { type Role, roles, scopeOf } from './permissions.ts';

/**
 * How much of the company's customers a role sees: everything; the own territory with all below it; the own team with
 * all below it; or the own records alone. A person's own records are part of each.
 */
export type Reach = 'company' | 'territory' | 'team' | 'own';
export const reaches: readonly Reach[] = ['company', 'territory', 'team', 'own'];

/** What the company has narrowed, by role. A role that is not named sees the company. */
export type Reaches = Readonly<Partial<Record<Role, Reach>>>;

/** Whose eyes: what a bucket list is made from. */
export interface Viewer {
  readonly user: string;
  readonly role: string;
  readonly team: string;
  readonly territory: string;
}

/** A team or a territory and what it lies under; '' at the top. */
export interface Area {
  readonly id: string;
  readonly parent: string;
}

/** An admin runs the company and is never narrowed; of what is not known, nothing is granted. */
export function reachOf(role: string, given: Reaches): Reach {
  if (role === 'admin') return 'company';
  const known = roles.find((one) => one === role);
  return known === undefined ? 'own' : (given[known] ?? 'company');
}

/** What a text of settings says; what it cannot say is left out. */
export function readReaches(value: unknown): Reaches {
  if (typeof value !== 'object' || value === null) return {};
  const pairs = Object.entries(value).filter(
    ([role, reach]) => roles.some((one) => one === role) && reaches.some((one) => one === reach),
  );
  return Object.fromEntries(pairs) as Reaches;
}

/** Everything of a company, for those who see all of it. */
export const companyBucket = (tenant: string): string => `tenant:${tenant}`;
/** What everybody of a company sees, whatever their reach. */
export const sharedBucket = (tenant: string): string => `shared:${tenant}`;
/** A person's own records. Every reach but the whole company holds it. */
export const ownerBucket = (user: string): string => `owner:${user}`;
const teamBucket = (team: string): string => `team:${team}`;
const territoryBucket = (territory: string): string => `territory:${territory}`;

/**
 * Every reason to see a row: one bucket each. An inbox item has the owner, team and territory of the record that it is
 * about, and goes where the record goes.
 */
export function bucketsOfRow(row: Row, collection: CollectionName): readonly string[] {
  const { tenant, owner, team, territory } = row;
  // What belongs to nobody, to no team and no territory would be hidden from everybody who is narrowed: it is for all.
  const unassigned = owner === '' && team === '' && territory === '';
  if (unassigned || scopeOf('admin', 'read', collection) === 'company') {
    return [companyBucket(tenant), sharedBucket(tenant)];
  }
  const buckets = [companyBucket(tenant)];
  if (owner !== '') buckets.push(ownerBucket(owner));
  if (team !== '') buckets.push(teamBucket(team));
  if (territory !== '') buckets.push(territoryBucket(territory));
  return buckets;
}

/** The buckets that a person's devices hold. */
export function bucketsOfViewer(
  tenant: string,
  viewer: Viewer,
  reach: Reach,
  areas: readonly Area[],
): readonly string[] {
  if (reach === 'company') return [companyBucket(tenant)];
  const own = [sharedBucket(tenant), ownerBucket(viewer.user)];
  switch (reach) {
    case 'own':
      return own;
    case 'team':
      return [...own, ...withAllBelow(viewer.team, areas).map(teamBucket)];
    case 'territory':
      return [...own, ...withAllBelow(viewer.territory, areas).map(territoryBucket)];
  }
}

/** An area and everything under it. A circle of parents ends where it began. */
export function withAllBelow(top: string, areas: readonly Area[]): string[] {
  if (top === '') return [];
  const found = new Set([top]);
  for (const id of found) {
    for (const area of areas) if (area.parent === id) found.add(area.id);
  }
  return [...found];
}
