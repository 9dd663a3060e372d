import type { CollectionName } from '../../shared/model/index.ts';
import type { Person } from '../company/company.ts';
import { companyId } from '../company/definitions.ts';
import type { Wanted } from '../store/bulk.ts';
import { instant } from '../store/environment.ts';
import { Chance } from './chance.ts';

export const DAY = 86_400_000;

/** What the makers of demo records share. */
export interface Scene {
  readonly chance: Chance;
  readonly tenant: string;
  readonly now: number;
  readonly reps: readonly Person[];
  readonly currency: string;
  id(kind: string, index: number): string;
  /** ISO date, days from today. */
  date(days: number): string;
  record(
    collection: CollectionName,
    id: string,
    owner: Person,
    ageDays: number,
    body: Wanted['body'],
  ): Wanted;
}

export function sceneOf(tenant: string, people: readonly Person[], now: number, currency: string): Scene {
  const at = (days: number) => instant(now + days * DAY);
  return {
    chance: new Chance(20_417),
    tenant,
    now,
    currency,
    reps: people.filter(({ role }) => role === 'rep'),
    id: (kind, index) => companyId(tenant, `demo\n${kind}\n${index}`),
    date: (days) => at(days).slice(0, 10),
    record: (collection, id, owner, ageDays, body) => ({
      collection,
      id,
      owner: owner.id,
      team: owner.team ?? '',
      territory: owner.territory ?? '',
      createdAt: at(-ageDays),
      updatedAt: at(-ageDays),
      body,
    }),
  };
}

export function ownerOf(scene: Scene, record: Wanted): Person {
  return scene.reps.find(({ id }) => id === record.owner) ?? scene.chance.pick(scene.reps);
}
