import { afterAll, beforeAll, expect, test } from 'vitest';
import { companyBucket } from '../../shared/rules/reach.ts';
import { type LiveEvent, routes } from '../../shared/sync/wire.ts';
import { writeRecords } from '../../sync-server/store/bulk.ts';
import { Store } from '../../sync-server/store/store.ts';
import { databaseOf } from '../factories/database.ts';
import { group, newAccount, pull, push } from '../factories/mutations.ts';
import { newId, startServer, type TestDevice, type TestServer } from '../factories/server.ts';

let server: TestServer;
let tenant: string;
let ann: TestDevice;
let ben: TestDevice;

beforeAll(async () => {
  server = await startServer({ heartbeat: 50, poll: 100 });
  tenant = (await server.addCompany()).id;
  ann = await server.signIn(await server.addPerson(tenant));
  ben = await server.signIn(await server.addPerson(tenant));
});
afterAll(() => server.close());

/** The stream as its events and comments; `next` waits until one fits. */
async function listen(device: TestDevice, url = server.url) {
  const stop = new AbortController();
  const response = await fetch(new URL(routes.live, url), {
    headers: { authorization: `Bearer ${device.accessToken}` },
    signal: stop.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) throw new Error('no stream');
  let text = '';
  const blocks: string[] = [];
  const read = async (): Promise<string | undefined> => {
    for (;;) {
      const block = blocks.shift();
      if (block !== undefined) return block;
      const { value, done } = await reader.read();
      if (done) return undefined;
      text += value;
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      blocks.push(...parts);
    }
  };
  return {
    response,
    /** The next block that fits; undefined when the stream ends first. */
    async next(fits: (block: string) => boolean): Promise<string | undefined> {
      for (;;) {
        const block = await read();
        if (block === undefined || fits(block)) return block;
      }
    },
    async event(): Promise<LiveEvent> {
      const block = await this.next((part) => part.startsWith('event: bucket'));
      return JSON.parse(block?.split('\ndata: ')[1] ?? 'null') as LiveEvent;
    },
    stop: () => stop.abort(),
  };
}

test('the stream says where the bucket stands, and moves on after each commit, never before', async () => {
  const stream = await listen(ben);
  expect(stream.response.headers.get('content-type')).toContain('text/event-stream');
  const start = await stream.event();
  expect(start.bucket).toBe(companyBucket(tenant));
  for (let round = 0; round < 5; round += 1) {
    const [verdict] = (await push(ann, group(newAccount(ann)))).verdicts;
    const event = await stream.event();
    expect(event).toEqual({ bucket: companyBucket(tenant), number: verdict?.number });
    expect((await pull(ben)).checkpoint.number).toBe(event.number);
  }
  stream.stop();
});

test('a push is heard at once, not at the next look for commits of others', async () => {
  const patient = await startServer({ poll: 600_000 });
  try {
    const { id } = await patient.addCompany();
    const device = await patient.signIn(await patient.addPerson(id));
    const stream = await listen(device, patient.url);
    const before = (await stream.event()).number;
    await push(device, group(newAccount(device)));
    expect((await stream.event()).number).toBe(before + 1);
    stream.stop();
  } finally {
    await patient.close();
  }
});

test('it says nothing but bucket and number', async () => {
  const stream = await listen(ben);
  await stream.event();
  await push(ann, group(newAccount(ann, 'A name that nobody may hear')));
  expect(Object.keys(await stream.event()).sort()).toEqual(['bucket', 'number']);
  stream.stop();
});

test('a quiet stream carries a comment from time to time', async () => {
  const stream = await listen(ben);
  expect(await stream.next((block) => block === ': still here')).toBe(': still here');
  stream.stop();
});

test('commits of another process are heard too', async () => {
  const stream = await listen(ben);
  const before = (await stream.event()).number;
  const other = await Store.open({ data: server.data, ...(await databaseOf(server.data)) });
  await writeRecords(other, tenant, [{ collection: 'accounts', id: newId(), body: { name: 'Imported' } }], {
    kind: 'import',
    name: 'test',
  });
  await other.close();
  expect((await stream.event()).number).toBe(before + 1);
  stream.stop();
});

test('other companies are not heard', async () => {
  const stream = await listen(ben);
  const before = (await stream.event()).number;
  const company = await server.addCompany();
  const stranger = await server.signIn(await server.addPerson(company.id));
  await push(stranger, group(newAccount(stranger)));
  await push(ann, group(newAccount(ann)));
  expect(await stream.event()).toEqual({ bucket: companyBucket(tenant), number: before + 1 });
  stream.stop();
});

test('a device has one stream: the newest', async () => {
  const device = await server.signIn(await server.addPerson(tenant));
  const older = await listen(device);
  await older.event();
  const newer = await listen(device);
  await newer.event();
  expect(await older.next(() => false)).toBeUndefined();
  await push(ann, group(newAccount(ann)));
  expect((await newer.event()).bucket).toBe(companyBucket(tenant));
  newer.stop();
});

test('it ends with its session', async () => {
  const device = await server.signIn(await server.addPerson(tenant));
  const stream = await listen(device);
  await stream.event();
  await server.store.devices.revoke(tenant, device.device.id);
  expect(await stream.next(() => false)).toBeUndefined();
});
