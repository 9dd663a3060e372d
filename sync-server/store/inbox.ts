import { catalogue, type ErrorCode } from '../../shared/errors.ts';
import { entities, fieldValue, type Side } from '../../shared/model/index.ts';
import { formatStamp } from '../../shared/sync/hlc.ts';
import { uuidv5 } from '../../shared/sync/ids.ts';
import type { FieldClock } from '../../shared/sync/merge.ts';
import type { Mutation } from '../../shared/sync/wire.ts';
import { changeOf, madeAt } from './changes.ts';
import { instant } from './environment.ts';
import type { GroupContext } from './group-context.ts';
import { LIFE, newRow, type WorkingRow } from './working-row.ts';

/** One item per record, field and device: a later edit of the same device takes the place of its earlier one. */
export function inboxId(tenant: string, record: string, field: string, device: string): string {
  return uuidv5(tenant, `inbox\n${record}\n${field}\n${device}`);
}

/**
 * The server's value stands; the other one is kept where the owner of the record finds it.
 * @param code why, from the catalogue; '' for two edits that did not know of each other
 */
export async function keepConflict(
  group: GroupContext,
  working: WorkingRow,
  mutation: Mutation,
  code: ErrorCode | '',
): Promise<'conflict'> {
  const { principal } = group;
  const id = inboxId(principal.tenant, working.row.id, mutation.field, principal.device);
  const current = code === 'record.deleted' ? null : fieldValue(working.row, mutation.field);
  const clock = working.clocks[code === 'record.deleted' ? LIFE : mutation.field];
  const at = instant(group.receivedAt);
  const known = await group.find(id);
  const open = known !== undefined && known.row.body.status === 'open';
  const item = known ?? newItem(group, working, id, at);
  item.dirty = true;
  item.deleted = false;
  item.row = {
    ...item.row,
    owner: working.row.owner,
    team: working.row.team,
    territory: working.row.territory,
    updatedAt: at,
    updatedBy: principal.user,
    body: {
      kind: 'conflict',
      subject: (working.entity.title(working.row.body) || working.entity.label).slice(0, 249),
      collection: working.entity.name,
      record: working.row.id,
      field: mutation.field,
      base: (open ? item.row.body.base : mutation.base) ?? null,
      server: await serverSide(group, working, current ?? null, clock),
      device: {
        value: mutation.value ?? null,
        user: principal.user,
        device: principal.deviceName,
        at: madeAt(group, mutation),
        offline: mutation.offline,
      } satisfies Side,
      ...(code === '' ? {} : { code, reason: catalogue[code].message }),
      status: 'open',
      at: open ? item.row.body.at : at,
    },
  };
  if (known !== undefined) item.clocks = openedAgain(item, group);
  group.add(item);
  group.opened.add(id);
  group.changes.push(changeOf(group, working, mutation, 'conflict', current, mutation.value));
  return 'conflict';
}

function newItem(group: GroupContext, working: WorkingRow, id: string, at: string): WorkingRow {
  return newRow(entities.inbox, {
    id,
    rev: 0,
    tenant: group.principal.tenant,
    owner: working.row.owner,
    team: working.row.team,
    territory: working.row.territory,
    name: '',
    createdAt: at,
    createdBy: group.principal.user,
    updatedAt: at,
    updatedBy: group.principal.user,
    body: {},
  });
}

/** A settlement that somebody made before this value arrived must not close it unseen. */
function openedAgain(item: WorkingRow, group: GroupContext): Record<string, FieldClock> {
  const opened: FieldClock = {
    rev: item.storedRev + 1,
    clock: formatStamp({ millis: group.receivedAt, counter: 0xffff, node: 'server' }),
    user: group.principal.user,
    device: '',
    at: instant(group.receivedAt),
  };
  return { ...item.clocks, status: opened, resolution: opened };
}

/** Who set the value that stands, with the name of the device, since devices are not in the directory. */
async function serverSide(
  group: GroupContext,
  working: WorkingRow,
  value: unknown,
  clock: FieldClock | undefined,
): Promise<Side> {
  if (clock === undefined) {
    return { value, user: working.row.createdBy, device: '', at: working.row.createdAt };
  }
  const device = await group.tx
    .selectFrom('devices')
    .select('name')
    .where('tenant', '=', group.principal.tenant)
    .where('id', '=', clock.device)
    .executeTakeFirst();
  return { value, user: clock.user, device: device?.name ?? '', at: clock.at };
}
