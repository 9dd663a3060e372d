import { catalogue, isErrorCode } from '../../shared/errors.ts';
import {
  type Body,
  type CollectionName,
  entityOf,
  fieldValue,
  isCollection,
} from '../../shared/model/index.ts';
import { uuidv5 } from '../../shared/sync/ids.ts';
import type { Mutation, Refusal, Verdict } from '../../shared/sync/wire.ts';
import { type Context, instant } from '../records/context.ts';
import { type Held, newRow } from '../records/rows.ts';

/** What a refused group becomes for a person: one inbox item per record, with everything that was asked for. */
export function refusalItems(
  context: Pick<Context, 'user' | 'device' | 'now'>,
  verdict: Verdict,
  mutations: readonly Mutation[],
  shownOf: (record: string) => Held | undefined,
  baseOf: (record: string) => Held | undefined,
): Held[] {
  const records = [...new Set(mutations.map((mutation) => mutation.record))];
  return records.flatMap((record) => {
    const own = mutations.filter((mutation) => mutation.record === record);
    const item = itemOf(context, verdict, own, shownOf(record), baseOf(record));
    return item === undefined ? [] : [item];
  });
}

function itemOf(
  { user, device, now }: Pick<Context, 'user' | 'device' | 'now'>,
  verdict: Verdict,
  own: readonly Mutation[],
  shown: Held | undefined,
  base: Held | undefined,
): Held | undefined {
  const refusal = verdict.refusals.find(({ mutation }) => own.some(({ id }) => id === mutation));
  const told = refusal ?? verdict.refusals[0];
  const main = own.find(({ id }) => id === told?.mutation) ?? own[0];
  if (main === undefined) return undefined;
  const at = instant(now());
  // The same group always makes the same item, so that an answer that is handled twice shows once.
  const id = uuidv5(verdict.group, main.record);
  const others = own.filter((mutation) => mutation !== main && mutation.op === 'set');
  const body: Body = {
    kind: 'refusal',
    subject: subjectOf(main, shown),
    collection: main.collection,
    record: main.record,
    field: main.field,
    base: main.base ?? null,
    server: serverSide(main, base),
    device: {
      value: main.value ?? null,
      user: user.id,
      device: device.name,
      at: main.madeAt,
      offline: main.offline,
    },
    code: told?.code ?? '',
    reason: reasonOf(told),
    status: 'open',
    at,
    op: main.op,
    ...(others.length === 0
      ? {}
      : { others: Object.fromEntries(others.map((one) => [one.field, one.value])) }),
  };
  return {
    deleted: false,
    row: { ...newRow(user, id, at), name: String(body.subject), body },
  };
}

function subjectOf(mutation: Mutation, shown: Held | undefined): string {
  const name = shown?.row.name ?? '';
  const label = isCollection(mutation.collection)
    ? entityOf(mutation.collection as CollectionName).label
    : '';
  return (name || label).slice(0, 249);
}

function serverSide(mutation: Mutation, base: Held | undefined) {
  const value = base === undefined || mutation.field === '' ? null : fieldValue(base.row, mutation.field);
  return {
    value: value ?? null,
    user: base?.row.updatedBy ?? '',
    device: '',
    at: base?.row.updatedAt ?? mutation.madeAt,
  };
}

function reasonOf(refusal: Refusal | undefined): string {
  if (refusal === undefined) return '';
  const known = isErrorCode(refusal.code) ? catalogue[refusal.code].message : '';
  return (refusal.reason || known).slice(0, 500);
}
