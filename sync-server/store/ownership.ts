import type { Mutation } from '../../shared/sync/wire.ts';
import { type GroupContext, Refused } from './group-context.ts';
import type { WorkingRow } from './working-row.ts';

interface Owner {
  readonly id: string;
  readonly team: string;
  readonly territory: string;
}

/**
 * Whose record it is. Team and territory follow the owner: devices are not believed about them.
 * @param wanted user id as the device sent it; anything but a text means the sender
 */
export async function ownerOf(group: GroupContext, mutation: Mutation, wanted: unknown): Promise<Owner> {
  const { principal, sight } = group;
  const id = typeof wanted === 'string' && wanted !== '' ? wanted : principal.user;
  if (id === principal.user) {
    return { id, team: sight.viewer.team, territory: sight.viewer.territory };
  }
  const owner = await group.tx
    .selectFrom('users')
    .select(['id', 'team', 'territory'])
    .where('tenant', '=', principal.tenant)
    .where('id', '=', id)
    .executeTakeFirst();
  if (owner === undefined) throw new Refused(mutation, 'owner', 'integrity.reference', { field: 'Owner' });
  return owner;
}

export async function assignOwner(
  group: GroupContext,
  working: WorkingRow,
  mutation: Mutation,
): Promise<void> {
  const owner = await ownerOf(group, mutation, mutation.value);
  working.row = { ...working.row, owner: owner.id, team: owner.team, territory: owner.territory };
}
