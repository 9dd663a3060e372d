import { RoadbookError } from '../../shared/errors.ts';
import type { Mutation, PushResponse, Verdict } from '../../shared/sync/wire.ts';
import type { OutboxEntry } from '../store/contract.ts';
import type { Batch } from './batch.ts';
import type { Client, ExchangeParts } from './exchange-parts.ts';

/** One answer of the server, or of this device for a group that the server cannot read. */
export interface Answer {
  readonly entries: readonly OutboxEntry[];
  readonly verdicts: readonly Verdict[];
  readonly durableThrough: number;
  /** Of the server; '' where this device answers. */
  readonly epoch: string;
}

/**
 * Sends a batch so that no group of it holds up another one: when the server cannot take the whole request, halves go
 * in its place, down to the one group that is the reason. That group gets the refusal that the server could not give.
 */
export class Delivery {
  readonly #parts: ExchangeParts;
  readonly #client: Client;
  /** Whether a push without groups was taken: then it is a group that the server cannot read, not the request. */
  #envelopeTaken = false;

  constructor(parts: ExchangeParts, client: Client) {
    this.#parts = parts;
    this.#client = client;
  }

  /**
   * Answers in the order of the outbox; each is to be settled before the next one is asked for.
   * @throws errors of the catalogue that are about the connection or the request, never about one group
   */
  async *answers(batch: Batch, epoch: string): AsyncGenerator<Answer> {
    const { signal, log } = this.#parts;
    signal.throwIfAborted();
    try {
      const { verdicts, durableThrough, epoch: named } = await this.#push(batch, epoch);
      yield { entries: batch.entries, verdicts, durableThrough, epoch: named };
      return;
    } catch (error) {
      if (!isAboutContent(error)) throw error;
      if (batch.groups.length === 1) {
        await this.#proveEnvelope(epoch);
        const [group] = batch.groups;
        log.warn('sync.group_unreadable', { code: error.code, group: group?.id });
        yield { entries: batch.entries, verdicts: [refusalOf(batch, error)], durableThrough: 0, epoch: '' };
        return;
      }
    }
    for (const half of halvesOf(batch)) yield* this.answers(half, epoch);
  }

  #push({ groups }: Pick<Batch, 'groups'>, epoch: string): Promise<PushResponse> {
    const { api, tokens } = this.#parts;
    return tokens.use((token) => api.push({ ...this.#client, epoch, groups: [...groups] }, token));
  }

  /** A server that takes no push at all must not make a refusal of everything that waits. */
  async #proveEnvelope(epoch: string): Promise<void> {
    if (this.#envelopeTaken) return;
    await this.#push({ groups: [] }, epoch);
    this.#envelopeTaken = true;
  }
}

/** What a server says of a request that it cannot read or that is too large; something else than a server is not heard. */
function isAboutContent(error: unknown): error is RoadbookError {
  if (!(error instanceof RoadbookError) || error.code === 'sync.bad_address') return false;
  return error.status === 400 || error.status === 413 || error.status === 422;
}

function halvesOf({ groups, entries }: Batch): Batch[] {
  const middle = Math.ceil(groups.length / 2);
  return [groups.slice(0, middle), groups.slice(middle)].map((half) => {
    const ids = new Set(half.map(({ id }) => id));
    return { groups: half, entries: entries.filter(({ group }) => ids.has(group)) };
  });
}

function refusalOf({ groups, entries }: Batch, error: RoadbookError): Verdict {
  const [first] = entries;
  const mutation = first?.mutation as Mutation | undefined;
  return {
    group: groups[0]?.id ?? '',
    status: 'refused',
    number: 0,
    outcomes: [],
    refusals: [
      {
        mutation: mutation?.id ?? '',
        collection: first?.collection ?? '',
        record: first?.record ?? '',
        field: first?.field ?? '',
        code: error.code,
        reason:
          error.status === 413
            ? 'This change is too large for the server.'
            : 'The server cannot read this change.',
        hint: error.hint,
      },
    ],
  };
}
