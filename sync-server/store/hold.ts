import type { Group, Verdict } from '../../shared/sync/wire.ts';
import type { Commit } from './commit.ts';
import { instant } from './environment.ts';
import type { GroupContext } from './group-context.ts';

/** Code of the catalogue for edits of what their sender does not see. */
const REASON = 'permission.out_of_sight';

/**
 * Keeps a group of edits whose sender does not see all of their records (any more). Nothing of it is applied; it is
 * durable before the verdict leaves, so that the device may forget it.
 */
export async function holdBack(commit: Commit, context: GroupContext, group: Group): Promise<Verdict> {
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
      reason: REASON,
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
    at,
  });
  await commit.finish([]);
  return { group: group.id, status: 'quarantined', number: 0, outcomes: [], refusals: [] };
}
