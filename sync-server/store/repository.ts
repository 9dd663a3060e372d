import { Check } from 'typebox/value';
import { RoadbookError } from '../../shared/errors.ts';
import { UUID_PATTERN } from '../../shared/sync/ids.ts';
import { type Checkpoint, Group, MAX_GROUP, type Mutation, type Verdict } from '../../shared/sync/wire.ts';
import type { Db } from './dialect.ts';
import type { Environment } from './environment.ts';
import { Refused } from './group-context.ts';
import { durableThroughOf } from './meta.ts';
import type { Principal } from './principal.ts';
import { type Origin, type Page, readPage } from './pull.ts';
import { capClocks, decideGroup, refused } from './push.ts';

export interface Pushed {
  readonly verdicts: readonly Verdict[];
  /** Groups that met an internal error: the device keeps them and sends them again. */
  readonly undecided: readonly { group: string; error: unknown }[];
  /** Groups of an earlier push that were answered as the first time. */
  readonly replayed: number;
}

/** What one person on one device may see and do. Made for each request; knows nothing of other companies. */
export class Repository {
  readonly #db: Db;
  readonly #env: Environment;
  readonly #origin: Origin;
  readonly #principal: Principal;
  readonly #committed: (tenant: string) => void;

  constructor(
    db: Db,
    env: Environment,
    origin: Origin,
    principal: Principal,
    committed: (tenant: string) => void,
  ) {
    this.#db = db;
    this.#env = env;
    this.#origin = origin;
    this.#principal = principal;
    this.#committed = committed;
  }

  /** @throws sync.epoch_changed, sync.bad_checkpoint */
  async pull(checkpoint: Checkpoint | null, limit: number): Promise<Page> {
    if (checkpoint !== null) await this.#checkEpoch(checkpoint.epoch);
    return readPage(this.#db, this.#origin, this.#principal, checkpoint, limit);
  }

  /**
   * Decides groups in the order in which they came. One that is refused or fails holds up no other, except those that
   * speak of the same records as a failed one: they wait with it.
   * @param epoch of the database that the device speaks to; '' when it does not know one yet
   * @param groups as received, not yet checked
   * @throws sync.epoch_changed, request.invalid
   */
  async push(epoch: string, groups: readonly unknown[]): Promise<Pushed> {
    if (epoch !== '') await this.#checkEpoch(epoch);
    const receivedAt = this.#env.now();
    const verdicts: Verdict[] = [];
    const undecided: { group: string; error: unknown }[] = [];
    const waiting = new Set<string>();
    let replayed = 0;
    for (const group of capChecked(groups, receivedAt)) {
      if ('verdict' in group) {
        verdicts.push(group.verdict);
        continue;
      }
      const names = namesIn(group);
      if (names.some((name) => waiting.has(name))) {
        undecided.push({ group: group.id, error: new Error('waits for an earlier group that failed') });
        for (const name of names) waiting.add(name);
        continue;
      }
      try {
        const decided = await decideGroup(this.#db, this.#env, this.#principal, group, receivedAt);
        verdicts.push(decided.verdict);
        if (decided.replayed) replayed += 1;
      } catch (error) {
        undecided.push({ group: group.id, error });
        for (const mutation of group.mutations) waiting.add(mutation.record);
      }
    }
    if (verdicts.some(({ number }) => number > 0)) this.#committed(this.#principal.tenant);
    return { verdicts, undecided, replayed };
  }

  /** The answer names the new epoch and what is safe in it, so that the device can send the rest again. */
  async #checkEpoch(epoch: string): Promise<void> {
    if (epoch === this.#origin.epoch) return;
    const durableThrough = await durableThroughOf(this.#db, this.#principal.tenant);
    throw new RoadbookError('sync.epoch_changed', { epoch: this.#origin.epoch, durableThrough });
  }
}

type Checked = Group | { verdict: Verdict };

function capChecked(groups: readonly unknown[], receivedAt: number): Checked[] {
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
  if (typeof id !== 'string' || !new RegExp(UUID_PATTERN).test(id)) {
    throw new RoadbookError('request.invalid', { reason: 'a group has no id' });
  }
  const list: unknown[] = Array.isArray(mutations) ? mutations : [];
  const first = (list[0] ?? {}) as Partial<Mutation>;
  const named = {
    id: text(first.id) || id,
    collection: text(first.collection) || 'unknown',
    record: text(first.record),
  } as Mutation;
  const problem =
    list.length > MAX_GROUP
      ? new Refused(named, '', 'sync.group_too_large', { max: MAX_GROUP })
      : new Refused(named, text(first.field), 'request.invalid', { reason: 'a change has the wrong form' });
  return { verdict: refused({ id }, [problem]) };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Every record that a group changes or points to. */
function namesIn(group: Group): string[] {
  const names = new Set<string>();
  for (const { record, value } of group.mutations) {
    names.add(record);
    const values = typeof value === 'object' && value !== null ? Object.values(value) : [value];
    for (const entry of values) if (typeof entry === 'string') names.add(entry);
  }
  return [...names];
}
