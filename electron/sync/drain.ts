import { RoadbookError } from '../../shared/errors.ts';
import { uuidv5, uuidv7 } from '../../shared/sync/ids.ts';
import { nextBatch } from './batch.ts';
import { Delivery } from './deliver.ts';
import { type Client, checkpointOf, clientOf, type ExchangeParts } from './exchange-parts.ts';
import { OUTBOX_READ, Push } from './push.ts';

/**
 * Sends everything that this device still holds, and fetches nothing: it leaves the company. Refused changes that wait
 * for a person in the inbox go as well: the server holds what it cannot apply.
 * @throws errors of the catalogue that are about the connection
 */
export async function drain(parts: ExchangeParts): Promise<void> {
  const client = clientOf(uuidv7(parts.now(), parts.random));
  const push = new Push(parts, client);
  const all = async (epoch: string) => {
    await push.send('waiting', epoch);
    await sendRefused(parts, client, epoch);
  };
  try {
    await all((await checkpointOf(parts.store))?.epoch ?? '');
  } catch (error) {
    if (!(error instanceof RoadbookError) || error.code !== 'sync.epoch_changed') throw error;
    // The server was restored: what it may have lost comes first, as in every exchange.
    const epoch = String(error.details.epoch ?? '');
    await push.send('accepted', epoch);
    await all(epoch);
  }
}

async function sendRefused(parts: ExchangeParts, client: Client, epoch: string): Promise<void> {
  const { store } = parts;
  const delivery = new Delivery(parts, client);
  const asked = new Set<string>();
  for (let limit = OUTBOX_READ; ; limit += OUTBOX_READ) {
    const entries = await store.outbox('refused', limit);
    const items = new Map(entries.map(({ group, record }) => [uuidv5(group, record), group]));
    const found = await store.get('inbox', [...items.keys()]);
    const open = new Set(
      found
        .filter(({ body }) => (body as { status?: unknown } | undefined)?.status === 'open')
        .map(({ id }) => items.get(id)),
    );
    const complete = entries.length < limit;
    for (;;) {
      const rest = entries.filter(({ id, group }) => open.has(group) && !asked.has(id));
      const batch = nextBatch(rest, complete);
      if (batch.groups.length === 0) break;
      for await (const answer of delivery.answers(batch, epoch)) {
        const held = new Set(
          answer.verdicts.filter(({ status }) => status === 'quarantined').map(({ group }) => group),
        );
        const settle = answer.entries
          .filter(({ group }) => held.has(group))
          .map(({ id }) => ({ id, state: 'quarantined' as const, number: 0, history: 'quarantined' }));
        await store.commit({ settle });
      }
      for (const { id } of batch.entries) asked.add(id);
    }
    if (complete) return;
  }
}
