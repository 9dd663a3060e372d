import { Check } from 'typebox/value';
import { RoadbookError } from '../../shared/errors.ts';
import { ID_LENGTH } from '../../shared/model/field.ts';
import { UUID_PATTERN } from '../../shared/sync/ids.ts';
import { Group, MAX_GROUP, type Mutation, type Verdict } from '../../shared/sync/wire.ts';
import { Refused } from './group-context.ts';
import { capClocks, refused } from './push.ts';

const uuid = new RegExp(UUID_PATTERN);

/** A group that can be decided, or its refusal. */
export type Checked = Group | { verdict: Verdict };

/**
 * Checks the form of each group and lowers its clocks to the time of receipt.
 * @throws request.invalid when a group has not even an id to answer to
 */
export function readGroups(groups: readonly unknown[], receivedAt: number): Checked[] {
  const checked = groups.map(checkForm);
  const capped = capClocks(
    checked.filter((group): group is Group => !('verdict' in group)),
    receivedAt,
  );
  return checked.map((group) => ('verdict' in group ? group : (capped.shift() ?? group)));
}

/**
 * The form of one group. A wrong one gets a refusal of its own, so that it cannot block the queue of its device.
 * @throws request.invalid when it has not even an id to answer to
 */
function checkForm(group: unknown): Checked {
  if (Check(Group, group)) return group as Group;
  const { id, mutations } = (group ?? {}) as { id?: unknown; mutations?: unknown };
  if (!isId(id)) throw new RoadbookError('request.invalid', { reason: 'a group has no id' });
  const list: unknown[] = Array.isArray(mutations) ? mutations : [];
  const first = (list[0] ?? {}) as Partial<Mutation>;
  // A device checks the form of the answer as well: what is wrong in the group must not come back in it.
  const named = {
    id: isId(first.id) ? first.id : id,
    collection: text(first.collection, 32) || 'unknown',
    record: text(first.record, ID_LENGTH),
  } as Mutation;
  const problem =
    list.length > MAX_GROUP
      ? new Refused(named, '', 'sync.group_too_large', { max: MAX_GROUP })
      : new Refused(named, text(first.field, 64), 'request.invalid', {
          reason: 'a change has the wrong form',
        });
  return { verdict: refused({ id }, [problem]) };
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && uuid.test(value);
}

function text(value: unknown, longest: number): string {
  return typeof value === 'string' ? value.slice(0, longest) : '';
}
