import type { Role } from '../../shared/rules/permissions.ts';
import { type Reach, type Reaches, reachOf } from '../../shared/rules/reach.ts';
import { devicesWithPeople } from '../store/device-people.ts';
import { snapshot } from '../store/dialect.ts';
import { bucketsOfPeople, isWithdrawn } from '../store/sight.ts';
import type { Store } from '../store/store.ts';
import { checkReach, reachesOf } from './scopes.ts';

/** Whom a change of what a role sees would touch. */
export interface ReachEffect {
  readonly role: Role;
  readonly from: Reach;
  readonly to: Reach;
  /** People of the role who may sign in, and the devices of theirs that may sync. */
  readonly people: number;
  readonly devices: number;
  /** Of these devices, those that would let go of records, by what they held at their last receipt. */
  readonly lettingGo: number;
}

/**
 * Looks at a change of what a role sees without making it.
 * @throws request.invalid for an admin, who sees everything, and for what is no role or no reach
 */
export async function reachEffect(
  store: Store,
  tenant: string,
  role: string,
  reach: string,
): Promise<ReachEffect> {
  const given = await reachesOf(store, tenant);
  const change = checkReach(role, reach);
  const after: Reaches = { ...given, [change.role]: change.reach };
  return snapshot(store.db, async (tx) => {
    const bucketsOf = await bucketsOfPeople(tx, tenant, after);
    const people = await tx
      .selectFrom('users')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('tenant', '=', tenant)
      .where('role', '=', change.role)
      .where('active', '=', 1)
      .executeTakeFirstOrThrow();
    const devices = await devicesWithPeople(tx, tenant)
      .select(['devices.holds', 'users.id as user', 'users.role', 'users.team', 'users.territory'])
      .where('users.role', '=', change.role)
      .where('users.active', '=', 1)
      .where('devices.revoked_at', 'is', null)
      .execute();
    const lettingGo = devices.filter(({ holds, ...viewer }) => {
      const seen = bucketsOf(viewer);
      return (JSON.parse(holds) as string[]).some((bucket) => isWithdrawn(tenant, bucket, seen));
    });
    return {
      role: change.role,
      from: reachOf(change.role, given),
      to: change.reach,
      people: Number(people.count),
      devices: devices.length,
      lettingGo: lettingGo.length,
    };
  });
}
