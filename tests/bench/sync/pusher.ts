import { randomBytes } from 'node:crypto';
import { formatStamp } from '../../../shared/sync/hlc.ts';
import { uuidv7 } from '../../../shared/sync/ids.ts';
import { type Mutation, type PullResponse, type PushResponse, routes } from '../../../shared/sync/wire.ts';
import { Client } from '../lib/http.ts';
import { client, people, type Server, signIn } from '../lib/server.ts';

/** A person who changes accounts over bare HTTP. */
export interface Pusher {
  /** Gives an account another name; resolves with the verdict. */
  edit(record: string, name: string): Promise<void>;
  close(): void;
}

const newId = () => uuidv7(Date.now(), (length) => randomBytes(length));

export async function pusher({ url }: Pick<Server, 'url'>): Promise<Pusher> {
  const http = new Client();
  const { device, response } = await signIn(url, people.anna.email);
  const headers = { authorization: `Bearer ${response.accessToken}` };
  let counter = 0;
  return {
    async edit(record, name) {
      counter += 1;
      const now = Date.now();
      const mutation: Mutation = {
        ...{ id: newId(), collection: 'accounts', record, op: 'set', field: 'name' },
        ...{ base: null, baseRev: Number.MAX_SAFE_INTEGER, value: name },
        clock: formatStamp({ millis: now, counter: counter % 0xffff, node: device }),
        ...{ madeAt: new Date(now).toISOString(), offline: false },
      };
      const groups = [{ id: newId(), mutations: [mutation] }];
      const { status, text } = await http.post(
        url + routes.push,
        { ...client(), epoch: '', groups },
        headers,
      );
      const [verdict] = status === 200 ? (JSON.parse(text) as PushResponse).verdicts : [];
      const [outcome] = verdict?.outcomes ?? [];
      if (outcome?.result !== 'applied') throw new Error(`an edit was answered with ${status}: ${text}`);
    },
    close: () => http.close(),
  };
}

/** Some accounts of the company. */
export async function accountIds({ url }: Pick<Server, 'url'>): Promise<string[]> {
  const { response } = await signIn(url, people.anna.email);
  const http = new Client();
  const headers = { authorization: `Bearer ${response.accessToken}` };
  let checkpoint: PullResponse['checkpoint'] | null = null;
  try {
    for (;;) {
      const { text } = await http.post(url + routes.pull, { ...client(), checkpoint, limit: 1_000 }, headers);
      const page: PullResponse = JSON.parse(text);
      const ids = page.rows.filter(({ collection }) => collection === 'accounts').map(({ id }) => id);
      if (ids.length > 0) return ids;
      if (!page.more) throw new Error('The company has no accounts.');
      checkpoint = page.checkpoint;
    }
  } finally {
    http.close();
  }
}
