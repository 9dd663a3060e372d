import type { Mutation } from '../../shared/sync/wire.ts';
import type { NewChange } from './commit.ts';
import { instant } from './environment.ts';
import type { GroupContext } from './group-context.ts';
import type { WorkingRow } from './working-row.ts';

/** When it was made, never later than when it arrived. */
export function madeAt(group: GroupContext, mutation: Mutation): string {
  const made = Date.parse(mutation.madeAt);
  return instant(Number.isNaN(made) ? group.receivedAt : Math.min(made, group.receivedAt));
}

export function changeOf(
  group: GroupContext,
  working: WorkingRow,
  mutation: Mutation,
  result: NewChange['result'],
  from: unknown,
  to: unknown,
): NewChange {
  const { principal } = group;
  return {
    mutation: mutation.id,
    collection: working.entity.name,
    record: working.row.id,
    name: working.entity.title(working.row.body),
    op: mutation.op,
    field: mutation.field,
    from: from ?? null,
    to: to ?? null,
    user: principal.user,
    device: principal.device,
    deviceName: principal.deviceName,
    madeAt: madeAt(group, mutation),
    offline: mutation.offline,
    result,
  };
}
