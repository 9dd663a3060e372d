import type { Group, Verdict } from '../../shared/sync/wire.ts';
import type { Db } from './dialect.ts';
import type { Environment } from './environment.ts';
import { isUnavailable } from './postgres-errors.ts';
import type { Principal } from './principal.ts';
import { type Decided, decideGroups, type Leaving } from './push.ts';
import type { Checked } from './push-form.ts';

export interface Pushed {
  readonly verdicts: readonly Verdict[];
  /** Groups that met an internal error: the device keeps them and sends them again. */
  readonly undecided: readonly { group: string; error: unknown }[];
  /** Those that were decided now. */
  readonly fresh: readonly Verdict[];
  /** Groups of an earlier push that were answered as the first time. */
  readonly replayed: number;
}

/** Most groups and changes that share one transaction, so that nobody waits long for the counter. */
const BATCH_GROUPS = 25;
const BATCH_CHANGES = 500;

/**
 * Decides groups in the order in which they came. Several share one transaction, because waiting for the disk is what a
 * push is made of; when one of them fails, they are decided one by one. A failed one holds up no other, except those
 * that speak of its records: they wait with it.
 */
export class PushQueue {
  readonly #db: Db;
  readonly #env: Environment;
  readonly #principal: Principal;
  readonly #receivedAt: number;
  readonly #leaving: Leaving | undefined;
  readonly #verdicts: Verdict[] = [];
  readonly #fresh: Verdict[] = [];
  readonly #undecided: { group: string; error: unknown }[] = [];
  /** Records of groups that are left undecided. */
  readonly #waiting = new Set<string>();
  #replayed = 0;

  /** @param leaving for a device on its way out of the company */
  constructor(db: Db, env: Environment, principal: Principal, receivedAt: number, leaving?: Leaving) {
    this.#db = db;
    this.#env = env;
    this.#principal = principal;
    this.#receivedAt = receivedAt;
    this.#leaving = leaving;
  }

  async run(groups: readonly Checked[]): Promise<Pushed> {
    let batch: Group[] = [];
    let changes = 0;
    const flush = async () => {
      await this.#decideTogether(batch);
      batch = [];
      changes = 0;
    };
    for (const group of groups) {
      if ('verdict' in group) {
        await flush();
        this.#verdicts.push(group.verdict);
        continue;
      }
      const full = batch.length >= BATCH_GROUPS || changes + group.mutations.length > BATCH_CHANGES;
      if (full) await flush();
      batch.push(group);
      changes += group.mutations.length;
    }
    await flush();
    return {
      verdicts: this.#verdicts,
      fresh: this.#fresh,
      undecided: this.#undecided,
      replayed: this.#replayed,
    };
  }

  async #decideTogether(batch: readonly Group[]): Promise<void> {
    if (batch.length === 0) return;
    if (batch.length > 1 && this.#waiting.size === 0) {
      try {
        this.#note(await this.#decide(batch));
        return;
      } catch (error) {
        if (isUnavailable(error)) throw error;
        // Nothing of the batch was written. One by one, the group at fault fails alone, and its error is reported.
      }
    }
    for (const group of batch) await this.#decideAlone(group);
  }

  async #decideAlone(group: Group): Promise<void> {
    if (namesIn(group).some((name) => this.#waiting.has(name))) {
      this.#leave(group, new Error('waits for an earlier group that failed'));
      return;
    }
    try {
      this.#note(await this.#decide([group]));
    } catch (error) {
      // No group is at fault: the device sends all of them again, and those that were decided are answered as now.
      if (isUnavailable(error)) throw error;
      this.#leave(group, error);
    }
  }

  #decide(groups: readonly Group[]): Promise<Decided[]> {
    return decideGroups(this.#db, this.#env, this.#principal, groups, this.#receivedAt, 'own', this.#leaving);
  }

  #note(decided: readonly Decided[]): void {
    for (const { verdict, replayed } of decided) {
      this.#verdicts.push(verdict);
      if (replayed) this.#replayed += 1;
      else this.#fresh.push(verdict);
    }
  }

  #leave(group: Group, error: unknown): void {
    this.#undecided.push({ group: group.id, error });
    for (const { record } of group.mutations) this.#waiting.add(record);
  }
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
