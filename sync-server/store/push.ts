import { type ErrorCode, isErrorCode } from '../../shared/errors.ts';
import { capStamp, parseStamp } from '../../shared/sync/hlc.ts';
import type { Group, Mutation, Outcome, Verdict } from '../../shared/sync/wire.ts';
import { checkGroup } from './check-group.ts';
import { Commit } from './commit.ts';
import { decide } from './decide.ts';
import { chunks, type Db, type Tx } from './dialect.ts';
import { type Environment, instant } from './environment.ts';
import { GroupContext, OutOfSight, Refused } from './group-context.ts';
import { holdBack } from './hold.ts';
import type { Principal } from './principal.ts';
import { safeMutation } from './safe-value.ts';
import { sightOf, wholeSight } from './sight.ts';

export interface Decided {
  readonly verdict: Verdict;
  /** True when the group was known already and the verdict is the one of the first time. */
  readonly replayed: boolean;
}

/** A device on its way out of the company: what cannot be applied is held, because it goes nowhere else. */
export interface Leaving {
  /** Why nothing of this sender is applied any more; null while they may write. */
  readonly because: ErrorCode | null;
}

/** Through whose eyes a group is decided: its sender's, or those of an admin who stands up for it. */
export type Sees = 'own' | 'company';

/**
 * Decides groups in one transaction, each as a whole: a refused one leaves nothing but its verdict. A group that is known
 * already gets the verdict of its first time. An error that is no refusal undoes them all.
 */
export function decideGroups(
  db: Db,
  env: Environment,
  principal: Principal,
  groups: readonly Group[],
  receivedAt: number,
  sees: Sees = 'own',
  leaving?: Leaving,
): Promise<Decided[]> {
  return db.transaction().execute(async (tx) => {
    const decided: Decided[] = [];
    for (const group of groups)
      decided.push(await decideGroup(tx, env, principal, group, receivedAt, sees, leaving));
    return decided;
  });
}

/** Nothing is written before all of the group is right. */
async function decideGroup(
  tx: Tx,
  env: Environment,
  principal: Principal,
  group: Group,
  receivedAt: number,
  sees: Sees,
  leaving: Leaving | undefined,
): Promise<Decided> {
  const commit = await Commit.begin(tx, env, principal.tenant);
  const known = await knownVerdict(tx, principal.tenant, group.id);
  const comesBack = leaving !== undefined && known?.status === 'refused';
  if (known !== undefined && !comesBack) return { verdict: known, replayed: true };
  const sight = await (sees === 'company' ? wholeSight : sightOf)(tx, principal);
  commit.madeBy(sight);
  const context = new GroupContext(tx, principal, sight, receivedAt);
  const decide = () =>
    accept(commit, context, group).catch((error: unknown) => {
      if (error instanceof OutOfSight) return holdBack(commit, context, group);
      if (!(error instanceof Refused)) throw error;
      if (leaving === undefined) return refused(group, [error]);
      return holdBack(commit, context, group, codeOf(error.refusal.code));
    });
  // What was refused before is not tried again: it was the person's to mend, and waited for them until now.
  const held = leaving?.because ?? (comesBack ? codeOf(known?.refusals[0]?.code) : null);
  const verdict = held === null ? await decide() : await holdBack(commit, context, group, held);
  if (comesBack) await forget(tx, principal.tenant, group.id);
  await remember(tx, principal, verdict, receivedAt);
  return { verdict, replayed: false };
}

/** Verdict for a group that is refused before anything of it was looked at. */
export function refused(group: Pick<Group, 'id'>, problems: readonly Refused[]): Verdict {
  return {
    group: group.id,
    status: 'refused',
    number: 0,
    outcomes: [],
    refusals: problems.map(({ refusal }) => refusal),
  };
}

async function accept(commit: Commit, context: GroupContext, group: Group): Promise<Verdict> {
  const { tenant } = context.principal;
  const known = await knownMutations(context.tx, tenant, group.mutations);
  await context.preload(group.mutations.map((mutation) => mutation.record));
  const outcomes: Outcome[] = [];
  for (const mutation of group.mutations) {
    const before = known.get(mutation.id);
    const result = before ?? (await decide(context, safeMutation(mutation)));
    outcomes.push({ mutation: mutation.id, result });
  }
  await checkGroup(context);
  for (const change of context.changes) commit.change(change);
  // Of a group that changed nothing: what it stands on was written by then, and a backup of then holds it.
  const number = await commit.finish(context.rows);
  const at = instant(context.receivedAt);
  const fresh = outcomes
    .filter(({ mutation }) => !known.has(mutation))
    .map(({ mutation, result }) => ({ tenant, id: mutation, result, number, at }));
  for (const part of chunks(fresh)) {
    // The same id twice in one group is one mutation.
    await context.tx
      .insertInto('mutations')
      .values(part)
      .onConflict((conflict) => conflict.columns(['tenant', 'id']).doNothing())
      .execute();
  }
  return { group: group.id, status: 'accepted', number, outcomes, refusals: [] };
}

async function knownVerdict(tx: Tx, tenant: string, group: string): Promise<Verdict | undefined> {
  const stored = await tx
    .selectFrom('verdicts')
    .select('json')
    .where('tenant', '=', tenant)
    .where('group_id', '=', group)
    .executeTakeFirst();
  return stored === undefined ? undefined : (JSON.parse(stored.json) as Verdict);
}

async function knownMutations(
  tx: Tx,
  tenant: string,
  mutations: readonly Mutation[],
): Promise<Map<string, Outcome['result']>> {
  const stored = await tx
    .selectFrom('mutations')
    .select(['id', 'result'])
    .where('tenant', '=', tenant)
    .where(
      'id',
      'in',
      mutations.map(({ id }) => id),
    )
    .execute();
  return new Map(stored.map(({ id, result }) => [id, result as Outcome['result']]));
}

function codeOf(code: string | undefined): ErrorCode {
  return code !== undefined && isErrorCode(code) ? code : 'record.invalid';
}

async function forget(tx: Tx, tenant: string, group: string): Promise<void> {
  await tx.deleteFrom('verdicts').where('tenant', '=', tenant).where('group_id', '=', group).execute();
}

async function remember(tx: Tx, principal: Principal, verdict: Verdict, receivedAt: number): Promise<void> {
  await tx
    .insertInto('verdicts')
    .values({
      tenant: principal.tenant,
      group_id: verdict.group,
      device: principal.device,
      json: JSON.stringify(verdict),
      at: instant(receivedAt),
    })
    .execute();
}

/**
 * Lowers stamps from the future to the time of receipt. Stamps of one device keep their order: lowered ones get
 * counters above every stamp of the push that stands at that very millisecond.
 */
export function capClocks(groups: readonly Group[], receivedAt: number): Group[] {
  const stamps = groups.flatMap((group) => group.mutations.map(({ clock }) => clock));
  const ahead = [...new Set(stamps.filter((stamp) => parseStamp(stamp).millis > receivedAt))].sort();
  if (ahead.length === 0) return [...groups];
  const level = stamps.map(parseStamp).filter(({ millis }) => millis === receivedAt);
  const first = level.reduce((most, { counter }) => Math.max(most, counter + 1), 0);
  const order = new Map(ahead.map((stamp, index) => [stamp, Math.min(first + index, 0xffff)]));
  return groups.map((group) => ({
    ...group,
    mutations: group.mutations.map((mutation) => ({
      ...mutation,
      clock: capStamp(mutation.clock, receivedAt, order.get(mutation.clock) ?? 0),
    })),
  }));
}
