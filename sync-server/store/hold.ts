import type { ErrorCode } from '../../shared/errors.ts';
import type { Group, Verdict } from '../../shared/sync/wire.ts';
import type { Commit } from './commit.ts';
import { instant } from './environment.ts';
import type { GroupContext } from './group-context.ts';

/**
 * Keeps a group of edits that cannot be applied in the name of its sender: they do not see all of its records (any more),
 * may not write any more, or send it from a device that is leaving and can take nothing back. Nothing of it is applied;
 * it is durable before the verdict leaves, so that the device may forget it.
 * @param reason code of the catalogue
 */
export async function holdBack(
  commit: Commit,
  context: GroupContext,
  group: Group,
  reason: ErrorCode = 'permission.out_of_sight',
): Promise<Verdict> {
  const { tx, principal, receivedAt } = context;
  const at = instant(receivedAt);
  await tx
    .insertInto('quarantine')
    .values({
      tenant: principal.tenant,
      id: group.id,
      device: principal.device,
      user: principal.user,
      at,
      reason,
      json: JSON.stringify(group),
      state: 'held',
      settled_at: null,
      settled_by: null,
    })
    .execute();
  const records = [...new Set(group.mutations.map(({ record }) => record))];
  commit.entry('quarantined', {
    group: group.id,
    user: principal.user,
    device: principal.device,
    records,
    reason,
    at,
  });
  await commit.finish([]);
  return { group: group.id, status: 'quarantined', number: 0, outcomes: [], refusals: [] };
}
