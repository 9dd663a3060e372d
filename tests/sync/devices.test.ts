import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { profileFiles } from '../../electron/records/profile.ts';
import type { SessionParts } from '../../electron/records/session-parts.ts';
import type { WipeMark, WipeStep } from '../../electron/records/wipe.ts';
import type { Log } from '../../electron/shell/log.ts';
import { type Order, type OrderKind, orderText, type SignedOrder } from '../../shared/sync/orders.ts';
import { setAccess } from '../../sync-server/company/access.ts';
import { newId, startServer, type TestServer } from '../factories/server.ts';
import { end } from './support/end.ts';
import { type TestNetwork, testNetwork } from './support/network.ts';
import { folders, passphrase, type SessionDevice, server, start } from './support/session-device.ts';
import { until } from './support/until.ts';

const DAY = 86_400_000;
const BY = { id: '', name: 'Ada' };

interface Desk extends SessionDevice {
  readonly network: TestNetwork;
  readonly person: { id: string; email: string; password: string };
  readonly tenant: string;
  readonly id: string;
  /** Events of the log, with their fields. */
  readonly said: string[];
  readonly logs: string;
}

const tenantOf = async (at: TestServer) => (await at.store.accounts.tenants())[0]?.id ?? '';

/** A person at a device that is set up and in step with the server. */
async function desk(at: TestServer = server, changes: Partial<SessionParts> = {}): Promise<Desk> {
  const tenant = await tenantOf(at);
  const person = await at.addPerson(tenant, { name: 'Rita' });
  const network = testNetwork();
  const said: string[] = [];
  const note = (event: string, fields?: unknown) =>
    void said.push(`${event} ${JSON.stringify(fields ?? {})}`);
  const log: Log = { info: note, warn: note, error: (event, error) => note(event, String(error)) };
  const logs = mkdtempSync(join(tmpdir(), 'roadbook-logs-'));
  folders.push(logs);
  writeFileSync(join(logs, 'roadbook.log'), 'what was done');
  const device = await start(undefined, { transport: network.transport, log, logs, ...changes });
  await device.session.signIn(at.url, person.email, person.password);
  await device.session.createPassphrase(passphrase);
  await device.session.confirmRecovery();
  await until('the first sync is done', () => device.workspace().sync.status().verifiedAt !== null);
  const [{ id } = { id: '' }] = (await at.store.devices.list(tenant)).filter(
    ({ user }) => user === person.id,
  );
  return { ...device, network, person, tenant, id, said, logs };
}

async function give(kind: OrderKind, { tenant, id }: Desk, at: TestServer = server): Promise<SignedOrder> {
  const order = await at.store.orders.give(tenant, id, kind, BY);
  at.store.committed(tenant);
  return order;
}

const onlyTheMark = (folder: string) =>
  until('only the mark is left', () => readdirSync(folder).join() === 'wiped.json');

const newDeal = ({ workspace }: Desk, values: Record<string, unknown> = {}) =>
  workspace().pages.create('deals', {
    name: 'Crane for the harbour',
    amount: { minor: 1_000_000, currency: 'USD' },
    closeDate: '2026-12-01',
    ...values,
  });
const offline = async ({ network, workspace }: Desk) => {
  network.cut();
  await until('it is offline', () => workspace().sync.status().state === 'offline');
};
const online = ({ network, workspace }: Desk) => {
  network.mend();
  workspace().sync.hurry();
};
const wiped = ({ session }: SessionDevice) =>
  until('the device is wiped', () => session.state().phase === 'wiped');
const orderOf = async ({ tenant, id }: Desk, at: TestServer = server) => {
  const [line] = (await at.store.orders.list(tenant)).filter(({ device }) => device === id);
  return line;
};
const receiptOf = async (device: Desk, at: TestServer = server) => {
  await until('the receipt is there', async () => (await orderOf(device, at))?.state === 'done');
  return orderOf(device, at);
};
const dealsOnServer = async (tenant: string, at: TestServer = server) => {
  const rows = await at.store.db.selectFrom('rows').select('name').where('tenant', '=', tenant).execute();
  return rows.map(({ name }) => name);
};

describe('a device that was lost', () => {
  test('wipes itself at once, without sending anything, and the server has the receipt', async () => {
    const device = await desk();
    await device.workspace().backups.make('asked');
    await offline(device);
    await newDeal(device, { name: 'Never sent' });
    await give('lost', device);
    online(device);
    await wiped(device);
    expect(existsSync(device.logs)).toBe(false);
    expect(await receiptOf(device)).toMatchObject({ kind: 'lost', unsent: 1, taken: 0 });
    await onlyTheMark(device.folder);
    expect(await dealsOnServer(device.tenant)).not.toContain('Never sent');
    expect(() => device.session.draftKey()).toThrow();

    // The screen stays until it is read, also over a start; then the device can be set up again.
    await device.session.quit();
    const again = await start(device.folder);
    expect(again.session.state()).toMatchObject({ phase: 'wiped', wiped: { kind: 'lost', unsent: 1 } });
    expect((await again.session.setUpAgain()).phase).toBe('sign-in');
    await until('the mark is gone', () => readdirSync(device.folder).length === 0);
    await again.session.signIn(server.url, device.person.email, device.person.password);
    await again.session.createPassphrase(passphrase);
    expect((await again.session.confirmRecovery()).phase).toBe('first-sync');
  });

  test('locks itself and loads its page anew where the disk takes neither the mark nor the end of the keys', async () => {
    const cleared: string[] = [];
    const device = await desk(server, { clearWindow: () => void cleared.push(device.session.state().phase) });
    // What stands in the way of both: folders of their names.
    rmSync(join(device.folder, 'keys.json'));
    for (const name of ['keys.json', 'wiped.json']) mkdirSync(join(device.folder, name));
    await give('lost', device);
    await until('the device is locked', () => device.session.state().phase === 'locked');
    await until('the page is loaded anew', () => cleared.length > 0);
    expect(cleared).toEqual(['locked']);
    expect(device.session.isOpen).toBe(false);
  });

  test('sends its receipt at a later start when the network is gone', async () => {
    const device = await desk();
    device.network.before((url) => {
      if (url.endsWith('/receipt')) throw new TypeError('fetch failed');
    });
    await give('lost', device);
    await wiped(device);
    await until('it was tried', () => device.said.some((line) => line.startsWith('device.receipt_waits')));
    await device.session.setUpAgain();
    expect((await orderOf(device))?.state).toBe('open');
    await device.session.quit();
    const again = await start(device.folder);
    expect(again.session.state().phase).toBe('sign-in');
    await receiptOf(device);
    await until('nothing is left to tell', () => !existsSync(join(device.folder, 'wiped.json')));
  });

  test('leaves the folder to the next start once it has quit, even if its receipt was still on the way', async () => {
    const device = await desk();
    let answers: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      answers = resolve;
    });
    device.network.before((url) => (url.endsWith('/receipt') ? held : undefined));
    await give('lost', device);
    await wiped(device);
    await until('the receipt is on its way', () =>
      device.network.asked.some((path) => path.endsWith('/receipt')),
    );
    await device.session.quit();
    const offline = () => Promise.reject(new TypeError('fetch failed'));
    const again = await start(device.folder, { transport: offline });
    expect((await again.session.setUpAgain()).phase).toBe('sign-in');
    answers();
    await receiptOf(device);
    await again.session.quit();
    const network = testNetwork();
    const third = await start(device.folder, { transport: network.transport });
    expect(third.session.state().phase).toBe('sign-in');
    await until('it tells again', () => network.asked.some((path) => path.endsWith('/receipt')));
    await until('nothing is left to tell', () => !existsSync(join(device.folder, 'wiped.json')));
  });

  test.each<WipeStep>(['mark', 'key', 'store', 'log', 'head', 'rest', 'backups', 'notice', 'logs'])(
    'ends its wipe at the next start when it dies after the step “%s”',
    async (step) => {
      const { folder, logs } = copyOf(await prepared());
      const mark: WipeMark = {
        kind: 'lost',
        order: newId(),
        nonce: '0'.repeat(32),
        server: server.url,
        at: new Date().toISOString(),
        unsent: null,
        cleared: false,
        told: false,
        seen: false,
      };
      const script = fileURLToPath(new URL('./support/wipe-process.ts', import.meta.url));
      const died = spawnSync(process.execPath, [script, folder, logs, step, JSON.stringify(mark)]);
      expect(died.signal).toBe('SIGKILL');
      const left = readdirSync(folder);
      expect(left).toContain('wiped.json');
      // Whatever else is still there, nothing can open it any more, but for a death before the very first step.
      expect(left.includes('keys.json')).toBe(step === 'mark');
      expect(left.includes('roadbook.db')).toBe(step === 'mark' || step === 'key');

      const steps: string[] = [];
      const again = await start(folder, { logs, wipeReached: (reached) => void steps.push(reached) });
      expect(again.session.state()).toMatchObject({ phase: 'wiped', wiped: { kind: 'lost', unsent: null } });
      expect(steps.slice(0, 3)).toEqual(['mark', 'key', 'store']);
      await onlyTheMark(folder);
      expect(existsSync(logs)).toBe(false);
    },
  );
});

describe('a device that leaves', () => {
  test('hands in what it holds, and only then wipes itself', async () => {
    const device = await desk();
    await offline(device);
    await newDeal(device, { name: 'Made on the way out' });
    await newDeal(device, { name: 'And another' });
    await give('leave', device);
    online(device);
    await wiped(device);
    expect(await receiptOf(device)).toMatchObject({ kind: 'leave', unsent: 0 });
    expect(await dealsOnServer(device.tenant)).toEqual(
      expect.arrayContaining(['Made on the way out', 'And another']),
    );
    await onlyTheMark(device.folder);
    expect(device.session.state().wiped).toMatchObject({ kind: 'leave' });
  });

  test('hands in what its person may not write any more: it is held, not lost', async () => {
    const device = await desk();
    await offline(device);
    await newDeal(device, { name: 'Held for an admin' });
    await setAccess(server.store, { id: device.person.id, tenant: device.tenant }, false);
    online(device);
    await until('it is signed out', () => device.workspace().sync.status().state === 'signed-out');
    expect(device.session.isOpen).toBe(true);
    await give('leave', device);
    online(device);
    await wiped(device);
    expect(await receiptOf(device)).toMatchObject({ held: 1, taken: 0, unsent: 0 });
    const held = await server.store.quarantine.list(device.tenant, 'held');
    expect(held.map(({ json }) => json).join()).toContain('Held for an admin');
  });

  test('hands in what was refused and waits for its person', async () => {
    const device = await desk();
    const deal = await newDeal(device);
    await device.workspace().sync.now();
    await offline(device);
    await device.workspace().pages.update('deals', deal.id, { name: 'Refused for good' });
    const [waiting] = await device.workspace().store.outbox('waiting', 10);
    const group = waiting?.group ?? '';
    // Refused as a server with a rule of its own would: there, and on the device.
    const verdict = { group, status: 'refused', number: 0, outcomes: [], refusals: [] };
    device.network.change('/push', (answer) => ({ ...(answer as object), verdicts: [verdict] }));
    online(device);
    await until(
      'it is refused',
      async () => (await device.workspace().store.outbox('refused', 10)).length === 1,
    );
    device.network.change('/push', null);
    const { db } = server.store;
    await db
      .updateTable('verdicts')
      .set({ json: JSON.stringify(verdict) })
      .where('group_id', '=', group)
      .execute();
    await give('leave', device);
    await wiped(device);
    expect(await receiptOf(device)).toMatchObject({ held: 1, unsent: 0 });
    const held = await server.store.quarantine.list(device.tenant, 'held');
    expect(held.map(({ json }) => json).join()).toContain('Refused for good');
  });

  test('when its person asks for it, and never without a connection', async () => {
    const device = await desk();
    await offline(device);
    await newDeal(device, { name: 'Before I go' });
    await expect(device.session.leave()).rejects.toMatchObject({ code: 'sync.offline' });
    expect(device.session.isOpen).toBe(true);
    device.network.mend();
    await device.session.leave();
    await wiped(device);
    expect(await dealsOnServer(device.tenant)).toContain('Before I go');
    expect(await receiptOf(device)).toMatchObject({ kind: 'leave', made_by_name: 'Rita', taken: 1 });
  });

  test('sends what is saved in the last moment, too', async () => {
    const device = await desk();
    let late: Promise<unknown> | undefined;
    let pushes = 0;
    device.network.before(async (url) => {
      if (!url.endsWith('/push')) return;
      pushes += 1;
      // While the last push is on its way, the person saves again.
      if (pushes === 1) late = newDeal(device, { name: 'Saved at the door' });
      await late;
    });
    await offline(device);
    await newDeal(device, { name: 'The first one' });
    await give('leave', device);
    online(device);
    await wiped(device);
    expect(await dealsOnServer(device.tenant)).toContain('Saved at the door');
    expect(await receiptOf(device)).toMatchObject({ unsent: 0 });
  });
});

describe('no device is wiped', () => {
  test('by an order that its company has not signed for it, since its last sign-in', async () => {
    const device = await desk();
    const other = await desk();
    const before = await give('lost', other);
    await wiped(other);
    await offline(device);
    const real = await server.store.orders.give(device.tenant, device.id, 'lost', BY);
    await server.store.devices.allow(device.tenant, device.id);
    // It was taken back, and is a replay from the next sign-in on.
    const fresh = { ...real.order, at: new Date(Date.now() + DAY).toISOString() };
    const stranger = generateKeyPairSync('ed25519').privateKey;
    const signed = (order: Order): SignedOrder => ({
      order,
      signature: sign(null, Buffer.from(orderText(order)), stranger).toString('base64url'),
    });
    const forged: [string, unknown][] = [
      ['signature', signed(fresh)],
      ['signature', { ...real, order: fresh }],
      ['company', signed({ ...real.order, tenant: newId() })],
      ['device', before],
      ['malformed', { wipe: true }],
      ['malformed', { ...real, order: { ...real.order, kind: 'everything' } }],
    ];
    device.network.mend();
    await until('it is signed out', async () => {
      return (await device.workspace().sync.now()).state === 'signed-out';
    });
    await device.session.signIn(server.url, device.person.email, device.person.password);
    forged.push(['old', real]);
    for (const [reason, order] of forged) {
      device.said.length = 0;
      device.network.change('/pull', (answer) => ({ ...(answer as object), order }));
      await device.workspace().sync.now();
      device.network.change('/pull', null);
      device.network.answer((path) =>
        path.endsWith('/pull')
          ? Response.json(
              { code: 'auth.device_revoked', details: { order: JSON.stringify(order) } },
              { status: 403 },
            )
          : undefined,
      );
      await device.workspace().sync.now();
      device.network.answer(() => undefined);
      // What does not even have the form of an order is no answer of the contract.
      const heard = device.said.filter((line) => line === `order.ignored {"reason":"${reason}"}`);
      expect(heard.length, reason).toBeGreaterThanOrEqual(1);
    }
    expect(device.session.isOpen).toBe(true);
    expect(existsSync(profileFiles(device.folder).keys)).toBe(true);
    await newDeal(device, { name: 'Still at work' });
    expect((await device.workspace().sync.now()).state).toBe('online');
  });

  test.each(['auth.token_invalid', 'auth.token_reused', 'auth.device_revoked', 'auth.person_disabled'])(
    'by %s',
    async (code) => {
      const device = await desk();
      device.network.answer(() =>
        Response.json({ code, details: {} }, { status: code.startsWith('auth.token') ? 401 : 403 }),
      );
      await newDeal(device);
      expect((await device.workspace().sync.now()).state).toBe('signed-out');
      expect(device.session.isOpen).toBe(true);
      expect(await device.workspace().store.outboxCount()).toBeGreaterThan(0);
      expect(existsSync(profileFiles(device.folder).keys)).toBe(true);
      expect(existsSync(join(device.folder, 'wiped.json'))).toBe(false);
    },
  );

  test('by a token that was copied: it signs in again and sends what it holds', async () => {
    const device = await desk();
    const stored = (await device.workspace().store.value('session')) as { refreshToken: string };
    // The thief is faster, twice.
    const { devices, sessions } = server.store;
    const { refreshToken } = await sessions.refresh(stored.refreshToken, device.id);
    await sessions.refresh(refreshToken, device.id);
    await newDeal(device, { name: 'Kept through it all' });
    const { db } = server.store;
    await expect(sessions.refresh(stored.refreshToken, device.id)).rejects.toMatchObject({
      code: 'auth.token_reused',
    });
    expect((await device.workspace().sync.now()).state).toBe('signed-out');
    expect((await devices.copied(device.tenant)).has(device.id)).toBe(true);
    expect(existsSync(profileFiles(device.folder).store)).toBe(true);
    await device.session.signIn(server.url, device.person.email, device.person.password);
    expect((await device.workspace().sync.now()).state).toBe('online');
    expect(await dealsOnServer(device.tenant)).toContain('Kept through it all');
    expect((await devices.copied(device.tenant)).has(device.id)).toBe(false);
    const alerts = await db
      .selectFrom('audit_log')
      .select('seq')
      .where('kind', '=', 'token-reused')
      .execute();
    expect(alerts.length).toBeGreaterThan(0);
  });
});

test('a device that was away for longer than the company allows signs in again, and its edits arrive', async () => {
  let now = Date.now();
  const far = await startServer({
    environment: { now: () => now, random: (length) => crypto.getRandomValues(new Uint8Array(length)) },
  });
  onTestFinished(() => end(far, 'close'));
  await far.addCompany();
  const device = await desk(far, { now: () => now });
  await far.store.devices.setOfflineDays(device.tenant, 30);
  await offline(device);
  await newDeal(device, { name: 'Made a month ago' });
  now += 31 * DAY;
  device.network.mend();
  expect((await device.workspace().sync.now()).state).toBe('signed-out');
  expect(await device.workspace().store.outboxCount()).toBeGreaterThan(0);
  await device.session.signIn(far.url, device.person.email, device.person.password);
  expect((await device.workspace().sync.now()).state).toBe('online');
  expect(await device.workspace().store.outboxCount()).toBe(0);
  expect(await dealsOnServer(device.tenant, far)).toContain('Made a month ago');
});

let whole: Promise<string> | undefined;

/** A profile with everything that a wipe takes away; made once. */
function prepared(): Promise<string> {
  whole ??= (async () => {
    const device = await desk();
    await newDeal(device);
    await device.workspace().backups.make('asked');
    await device.session.quit();
    mkdirSync(join(device.folder, 'backups.earlier-2026-01-01'));
    writeFileSync(join(device.folder, 'backups.earlier-2026-01-01', 'one'), 'a backup of before');
    writeFileSync(join(device.folder, 'roadbook.db.unfinished'), 'a set-up that was cut off');
    expect(readFileSync(join(device.folder, 'keys.json'), 'utf8')).toContain('{');
    return device.folder;
  })();
  return whole;
}

function copyOf(from: string) {
  const folder = mkdtempSync(join(tmpdir(), 'roadbook-wipe-'));
  const logs = mkdtempSync(join(tmpdir(), 'roadbook-logs-'));
  folders.push(folder, logs);
  cpSync(from, folder, { recursive: true });
  writeFileSync(join(logs, 'roadbook.log'), 'what was done');
  return { folder, logs };
}
