import { withField } from '../../shared/model/index.ts';
import type { FieldClock } from '../../shared/sync/merge.ts';
import type { Mutation } from '../../shared/sync/wire.ts';
import { madeAt } from './changes.ts';
import type { GroupContext } from './group-context.ts';
import type { WorkingRow } from './working-row.ts';

/** Gives a field its new value, and what is computed from it. The owner was assigned before. */
export function applyField(
  group: GroupContext,
  working: WorkingRow,
  field: string,
  value: unknown,
  mutation: Mutation,
): void {
  if (field !== 'owner') working.row = withField(working.row, field, value);
  if (field === 'stage' && working.entity.fields.stageEnteredAt !== undefined) {
    working.row = withField(working.row, 'stageEnteredAt', madeAt(group, mutation));
  }
  stamp(group, working, field, mutation);
}

/** Notes who changed a field when; the row itself was changed then, too. */
export function stamp(group: GroupContext, working: WorkingRow, field: string, mutation: Mutation): void {
  const at = madeAt(group, mutation);
  const clock: FieldClock = {
    rev: working.storedRev + 1,
    clock: mutation.clock,
    user: group.principal.user,
    device: group.principal.device,
    at,
  };
  working.clocks[field] = clock;
  const later = at > working.row.updatedAt;
  working.row = {
    ...working.row,
    updatedAt: later ? at : working.row.updatedAt,
    updatedBy: later ? group.principal.user : working.row.updatedBy,
  };
  group.touch(working, field, mutation);
}
