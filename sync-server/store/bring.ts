import type { Body } from '../../shared/model/index.ts';
import { fieldValue } from '../../shared/model/index.ts';
import { sameValue } from '../../shared/sync/canonical.ts';
import { formatStamp } from '../../shared/sync/hlc.ts';
import type { Wanted } from './bulk.ts';
import { instant } from './environment.ts';
import type { WorkingRow } from './working-row.ts';

/** A field that was brought to what a source says. */
export interface Brought {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** Scope keys go with the owner: who changed the owner of a record has decided about all of them. */
const scopeFields = ['owner', 'team', 'territory'] as const;

/** Sets what differs and was not changed by a person; tells each field that it set. */
export function bringUpToDate(known: WorkingRow, record: Wanted, now: number): Brought[] {
  const brought = [...differingFields(known, record), ...differingScope(known, record)];
  if (brought.length === 0) return [];
  for (const { field } of brought) {
    known.clocks[field] = {
      rev: known.storedRev + 1,
      clock: formatStamp({ millis: now, counter: 0, node: 'server' }),
      user: '',
      device: '',
      at: instant(now),
    };
  }
  const values = Object.fromEntries(brought.map(({ field, to }) => [field, to]));
  const { owner, team, territory, ...body } = { ...scopeOf(known), ...values };
  known.row = {
    ...known.row,
    ...{ owner, team, territory },
    updatedAt: instant(now),
    updatedBy: '',
    body: { ...known.row.body, ...computed(known, body, now), ...body },
  };
  known.dirty = true;
  return brought;
}

function scopeOf({ row: { owner, team, territory } }: WorkingRow) {
  return { owner, team, territory };
}

function differingFields(known: WorkingRow, record: Wanted): Brought[] {
  return Object.entries(record.body)
    .filter(([field, value]) => isOurs(known, field) && !sameValue(known.row.body[field], value))
    .map(([field, to]) => ({ field, from: fieldValue(known.row, field), to }));
}

function differingScope(known: WorkingRow, record: Wanted): Brought[] {
  if (!isOurs(known, 'owner')) return [];
  return scopeFields.flatMap((field) => {
    const from = known.row[field];
    const to = record[field] ?? from;
    return from === to ? [] : [{ field, from, to }];
  });
}

/** What follows from a new value, as when a person changes it. */
function computed(known: WorkingRow, body: Body, now: number): Body {
  const enters = body.stage !== undefined && known.entity.fields.stageEnteredAt !== undefined;
  return enters ? { stageEnteredAt: instant(now) } : {};
}

function isOurs(known: WorkingRow, field: string): boolean {
  const clock = known.clocks[field];
  return clock === undefined || clock.device === '';
}
