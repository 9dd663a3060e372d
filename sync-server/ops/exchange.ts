import type { FastifyRequest } from 'fastify';
import type { RoadbookError } from '../../shared/errors.ts';
import type { SyncReport, Verdict } from '../../shared/sync/wire.ts';
import type { Context } from '../context.ts';
import { instant } from '../store/environment.ts';
import type { Principal } from '../store/principal.ts';
import type { Page } from '../store/pull.ts';
import type { Pushed } from '../store/push-queue.ts';
import { kilobytes, plural, StepClock } from './steps.ts';
import type { Part } from './sync-log.ts';

/** One request of an exchange, told to the log: stored for the admin, and written as one structured line. */
export class Exchange {
  readonly principal: Principal;
  readonly #context: Context;
  readonly #request: FastifyRequest<{ Body: { exchange: string } }>;
  readonly #startedAt: number;
  readonly #clock: StepClock;

  constructor(
    context: Context,
    principal: Principal,
    request: FastifyRequest<{ Body: { exchange: string } }>,
  ) {
    this.#context = context;
    this.principal = principal;
    this.#request = request;
    this.#startedAt = context.store.environment.now();
    this.#clock = new StepClock(context.store.environment.now);
  }

  get #bytesIn(): number {
    return Number(this.#request.headers['content-length'] ?? 0);
  }

  received(groups: readonly unknown[]): void {
    const changes = groups.reduce<number>((sum, group) => sum + mutationsOf(group).length, 0);
    this.#clock.add(`Push received, ${plural(changes, 'change')}, ${kilobytes(this.#bytesIn)}`);
  }

  async decided(pushed: Pushed, bytesOut: number): Promise<void> {
    const { groups } = this.#request.body as unknown as { groups: readonly unknown[] };
    const mutations = groups.flatMap(mutationsOf);
    const tally = tallyOf(pushed.verdicts);
    if (pushed.replayed > 0) {
      this.#clock.add(`${plural(pushed.replayed, 'group')} known already, answered as the first time`);
    }
    if (tally.accepted > 0) this.#clock.add(`${plural(tally.accepted, 'change')} merged`);
    if (tally.superseded > 0) {
      this.#clock.add(`${plural(tally.superseded, 'change')} superseded by later ones, kept in the history`);
    }
    const byId = new Map(mutations.map((mutation) => [mutation.id, mutation]));
    for (const id of tally.conflicts) {
      const mutation = byId.get(id);
      this.#clock.add(`1 kept as conflict, ${mutation?.field || 'record'}`, {
        needs: true,
        ...(mutation === undefined ? {} : { record: mutation.record, field: mutation.field }),
      });
    }
    for (const refusal of tally.refusals) {
      this.#clock.add(`1 refused, ${refusal.code}`, { needs: true, record: refusal.record });
    }
    if (tally.quarantined > 0) {
      this.#clock.add(`${plural(tally.quarantined, 'group')} out of the sender's sight, kept in quarantine`, {
        needs: true,
      });
    }
    if (pushed.undecided.length > 0) {
      this.#clock.add(
        `${plural(pushed.undecided.length, 'group')} left undecided, the device will send again`,
        {
          needs: true,
        },
      );
    }
    await this.#write({
      counts: {
        pushes: 1,
        groups: groups.length,
        changes: mutations.length,
        rows_in: new Set(mutations.map(({ record }) => record)).size,
        accepted: tally.accepted,
        superseded: tally.superseded,
        conflicts: tally.conflicts.length,
        refusals: tally.refusals.length,
        undecided: pushed.undecided.length,
        bytes_in: this.#bytesIn,
        bytes_out: bytesOut,
      },
      status: 200,
      error: pushed.undecided.length > 0 ? 'internal' : '',
    });
  }

  async sent(page: Page, bytesOut: number): Promise<void> {
    for (const bucket of page.lost) this.#clock.add(`Told to let go of ${bucket}`);
    this.#clock.add(`Pull, ${plural(page.rows.length, 'row')}, ${kilobytes(bytesOut)}`);
    if (!page.more)
      this.#clock.add(`Level with the server at ${page.checkpoint.number.toLocaleString('en-US')}`);
    await this.#write({
      counts: { pulls: 1, rows_out: page.rows.length, bytes_in: this.#bytesIn, bytes_out: bytesOut },
      ...(page.more ? {} : { position: page.checkpoint.number }),
      status: 200,
      error: '',
    });
  }

  async reported(report: SyncReport): Promise<void> {
    for (const { bucket } of report.mismatches) {
      this.#clock.add(`Bucket ${bucket} did not match and is fetched again`, { needs: true });
    }
    if ((report.removed ?? 0) > 0) {
      this.#clock.add(`${plural(report.removed ?? 0, 'row')} removed from the device`);
    }
    this.#clock.add(
      report.mismatches.length === 0
        ? `Device has taken ${plural(report.rowsIn, 'row')}, ${report.waiting} waiting`
        : `Device reports ${plural(report.mismatches.length, 'mismatch', 'mismatches')}`,
    );
    await this.#write({
      counts: { mismatches: report.mismatches.length, bytes_in: this.#bytesIn },
      waiting: report.waiting,
      deviceMillis: report.millis,
      status: 200,
      error: '',
    });
  }

  async failed(error: RoadbookError): Promise<void> {
    this.#clock.add(`Failed, ${error.code}`, { needs: error.status >= 500 });
    await this.#write({ counts: { bytes_in: this.#bytesIn }, status: error.status, error: error.code });
  }

  async #write(part: Omit<Part, 'startedAt' | 'endedAt' | 'steps'>): Promise<void> {
    const endedAt = this.#context.store.environment.now();
    const line = await this.#context.syncLog.add(
      this.principal,
      this.#request.body.exchange,
      this.#request.ip,
      {
        ...part,
        counts: { ...part.counts, millis: endedAt - this.#startedAt },
        startedAt: instant(this.#startedAt),
        endedAt: instant(endedAt),
        steps: this.#clock.steps,
      },
    );
    const { steps: _steps, id: _id, ...fields } = line;
    this.#request.log.info({ sync: fields }, 'sync');
  }
}

interface Named {
  readonly id: string;
  readonly record: string;
  readonly field: string;
}

/** The mutations of a group that may have any form. */
function mutationsOf(group: unknown): Named[] {
  const list = (group as { mutations?: unknown } | null)?.mutations;
  if (!Array.isArray(list)) return [];
  return list.filter(
    (mutation): mutation is Named =>
      typeof mutation === 'object' &&
      mutation !== null &&
      typeof (mutation as Named).id === 'string' &&
      typeof (mutation as Named).record === 'string',
  );
}

function tallyOf(verdicts: readonly Verdict[]) {
  const outcomes = verdicts.flatMap((verdict) => verdict.outcomes);
  const count = (result: string) => outcomes.filter((outcome) => outcome.result === result).length;
  return {
    accepted: count('applied') + count('unchanged'),
    superseded: count('superseded'),
    conflicts: outcomes.filter(({ result }) => result === 'conflict').map(({ mutation }) => mutation),
    refusals: verdicts.flatMap((verdict) => verdict.refusals),
    quarantined: verdicts.filter(({ status }) => status === 'quarantined').length,
  };
}
