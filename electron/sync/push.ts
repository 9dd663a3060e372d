import { RoadbookError } from '../../shared/errors.ts';
import { MAX_GROUP } from '../../shared/sync/wire.ts';
import type { OutboxState } from '../store/contract.ts';
import { nextBatch } from './batch.ts';
import { type Answer, Delivery } from './deliver.ts';
import type { Client, ExchangeParts } from './exchange-parts.ts';
import { applyVerdicts } from './verdicts.ts';

/** Entries of the outbox read at once: more than one largest group. */
export const OUTBOX_READ = 4 * MAX_GROUP;

/** Sends what the outbox holds. */
export class Push {
  readonly #parts: ExchangeParts;
  readonly #delivery: Delivery;
  #rows = 0;

  constructor(parts: ExchangeParts, client: Client) {
    this.#parts = parts;
    this.#delivery = new Delivery(parts, client);
  }

  /** Records that were sent so far. */
  get rows(): number {
    return this.#rows;
  }

  /**
   * Sends groups, oldest first, until none is left or none is decided any more.
   * @param state accepted: all of them again, to a server that may have lost them
   * @param epoch of the server; '' when this device does not know it yet
   * @returns the epoch that the server named; '' when nothing was sent
   * @throws sync.epoch_changed when the server was restored between two answers
   */
  async send(state: Exclude<OutboxState, 'refused' | 'quarantined'>, epoch: string): Promise<string> {
    const { store, signal, progress } = this.#parts;
    let named = epoch;
    const sent = new Set<string>();
    // Records of groups that the server could not decide: newer edits of them wait, so that none is overtaken.
    const undecided = new Set<string>();
    // Entries that were read and cannot go (again): the next read looks as far beyond them.
    let passed = 0;
    for (;;) {
      signal.throwIfAborted();
      const limit = OUTBOX_READ + passed;
      const entries = await store.outbox(state, limit);
      const complete = entries.length < limit;
      const held = new Set(entries.filter(({ record }) => undecided.has(record)).map(({ group }) => group));
      const open = entries.filter(({ id, group }) => !sent.has(id) && !held.has(group));
      passed = entries.length - open.length;
      // Too few to know whether the last group of them is whole.
      if (!complete && open.length < MAX_GROUP) continue;
      const batch = nextBatch(open, complete);
      if (batch.groups.length === 0) return sent.size === 0 ? '' : named;
      const decided = new Set<string>();
      for await (const answer of this.#delivery.answers(batch, epoch)) {
        if (named !== '' && answer.epoch !== '' && answer.epoch !== named)
          throw new RoadbookError('sync.epoch_changed', { epoch: answer.epoch });
        named ||= answer.epoch;
        // Numbers of another life of the server say nothing about what is safe in this one: until all is sent again,
        // nothing is forgotten.
        await this.#settle(answer, state === 'waiting' ? answer.durableThrough : 0);
        for (const { group } of answer.verdicts) decided.add(group);
      }
      for (const { id, group, record } of batch.entries) {
        sent.add(id);
        if (!decided.has(group)) undecided.add(record);
      }
      // What was decided has left `waiting`; what is accepted stays there and is passed over.
      passed += batch.entries.filter(({ group }) => state === 'accepted' || !decided.has(group)).length;
      progress();
    }
  }

  async #settle({ entries, verdicts }: Answer, durableThrough: number): Promise<void> {
    const settled = await applyVerdicts(this.#parts, entries, verdicts, durableThrough);
    this.#rows += new Set(entries.map(({ record }) => record)).size;
    if (settled.conflicts + settled.refused + settled.quarantined > 0)
      this.#parts.log.info('sync.not_applied', { ...settled });
  }
}
