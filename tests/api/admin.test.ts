import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PullResponse, routes } from '../../shared/sync/wire.ts';
import { fieldValueText } from '../../sync-server/admin/format.ts';
import type { SyncLine } from '../../sync-server/ops/sync-log.ts';
import { client, group, mutation, newDeal, push } from '../factories/mutations.ts';
import { newId, startServer, type TestDevice, type TestServer } from '../factories/server.ts';

let server: TestServer;
let tenant: string;
let admin: TestDevice;
let rep: TestDevice;
let other: TestDevice;
let adminPerson: { email: string; password: string };
const exchange = newId();

const usd = (minor: number) => ({ minor, currency: 'USD' });
const VALUE = 'Whisper this to nobody';
const lines: string[] = [];

beforeAll(async () => {
  server = await startServer({
    logger: { level: 'info', stream: { write: (line: string) => lines.push(line) } },
  });
  tenant = (await server.addCompany()).id;
  adminPerson = await server.addPerson(tenant, { role: 'admin', name: 'Sam <Admin>' });
  admin = await server.signIn(adminPerson);
  rep = await server.signIn(await server.addPerson(tenant, { name: 'Mara' }), { name: "Mara's laptop" });
  other = await server.signIn(await server.addPerson(tenant, { name: 'Tomas' }), { name: 'Tomas-PC' });

  const deal = newDeal(other, { amount: usd(100), name: 'Cancity <b>GTX</b>' });
  await push(other, group(deal));
  const edit = (device: TestDevice, field: string, value: unknown) =>
    group(mutation(device, { collection: 'deals', record: deal.record, field, value, baseRev: 1 }));
  await push(other, edit(other, 'amount', usd(200)));

  // One exchange of a rep: push with one of everything, two pages, a report.
  await rep.post(routes.push, {
    ...client(exchange),
    epoch: '',
    groups: [edit(rep, 'nextStep', VALUE), edit(rep, 'amount', usd(300)), edit(rep, 'stage', 'lost')],
  });
  let checkpoint: PullResponse['checkpoint'] | null = null;
  for (;;) {
    const { body }: { body: PullResponse } = await rep.post<PullResponse>(routes.pull, {
      ...client(exchange),
      checkpoint,
      limit: 4,
    });
    checkpoint = body.checkpoint;
    if (!body.more) break;
  }
  await rep.post(routes.report, {
    ...client(exchange),
    ...{ rowsIn: 7, rowsOut: 3, millis: 321, waiting: 2 },
    mismatches: [{ bucket: 'tenant:x', server: '0', device: '1' }],
  });
});
afterAll(() => server.close());

interface Answer {
  lines: (Omit<SyncLine, 'steps'> & { steps: { text: string; needs: boolean }[] })[];
  next: string | null;
}
const log = (query = '') => admin.get<Answer>(`${routes.syncLog}${query}`);

describe('the sync log', () => {
  test('has one line for a whole exchange: who, from where, what came in and went out', async () => {
    const { body } = await log();
    const mine = body.lines.filter((line) => line.exchange === exchange);
    expect(mine.length).toBe(1);
    expect(mine[0]).toMatchObject({
      user: rep.user.id,
      user_name: 'Mara',
      device: rep.device.id,
      device_name: "Mara's laptop",
      app: '0.1.0',
      address: '127.0.0.1',
      pushes: 1,
      groups: 3,
      changes: 3,
      rows_in: 1,
      accepted: 1,
      conflicts: 1,
      refusals: 1,
      mismatches: 1,
      waiting: 2,
      device_millis: 321,
      status: 200,
      error: '',
    });
    expect(mine[0]?.pulls).toBeGreaterThan(1);
    expect(Number(mine[0]?.rows_out)).toBeGreaterThanOrEqual(8);
    expect(Number(mine[0]?.bytes_out)).toBeGreaterThan(1000);
    expect(mine[0]?.steps.filter(({ needs }) => needs).map(({ text }) => text)).toEqual([
      '1 kept as conflict, amount',
      '1 refused, stage.lost_reason_required',
      'Bucket tenant:x did not match and is fetched again',
    ]);
  });

  test('can be narrowed to a person, a device, a time, and to what needs somebody', async () => {
    const only = async (query: string) =>
      new Set((await log(query)).body.lines.map((line) => line.user_name));
    expect(await only(`?user=${other.user.id}`)).toEqual(new Set(['Tomas']));
    expect(await only(`?device=${rep.device.id}`)).toEqual(new Set(['Mara']));
    expect(await only('?problem=true')).toEqual(new Set(['Mara']));
    expect(await only('?since=2999-01-01T00:00:00Z')).toEqual(new Set());
  });

  test('is read page by page', async () => {
    const all = (await log()).body.lines.map(({ id }) => id);
    const paged: number[] = [];
    let cursor = '';
    for (;;) {
      const { body } = await log(`?limit=1${cursor}`);
      paged.push(...body.lines.map(({ id }) => id));
      if (body.next === null) break;
      cursor = `&before=${body.next}`;
    }
    expect(paged).toEqual(all);
    expect(all.length).toBeGreaterThan(2);
  });

  test('is for admins alone', async () => {
    const { status, body } = await rep.get<{ code: string }>(routes.syncLog);
    expect([status, body.code]).toEqual([403, 'permission.denied']);
    expect((await rep.get('/v1/admin/devices')).status).toBe(403);
  });

  test('notes a request that failed, under its code', async () => {
    const failed = newId();
    await rep.post(routes.push, { ...client(failed), epoch: 'wrong', groups: [] });
    const line = (await log('?problem=true')).body.lines.find((entry) => entry.exchange === failed);
    expect(line).toMatchObject({ status: 409, error: 'sync.epoch_changed' });
  });

  test('is written as a structured line too, and neither holds values, passwords or tokens', async () => {
    const written = lines.join('');
    const parsed = lines.map((line) => JSON.parse(line) as { msg: string; sync?: { exchange: string } });
    expect(parsed.some(({ msg, sync }) => msg === 'sync' && sync?.exchange === exchange)).toBe(true);
    const stored = JSON.stringify((await log()).body);
    for (const secret of [VALUE, adminPerson.password, rep.accessToken, rep.refreshToken, rep.refreshToken]) {
      expect(written).not.toContain(secret);
      expect(stored).not.toContain(secret);
    }
  });
});

describe('the console', () => {
  const form = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(new URL('/admin/sign-in', server.url), {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields),
    });
  const page = (path: string, cookie = '') =>
    fetch(new URL(path, server.url), { redirect: 'manual', headers: { cookie } });

  async function signedIn(): Promise<string> {
    const answer = await form({ email: adminPerson.email, password: adminPerson.password });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/sync-log']);
    return answer.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  }

  test('lets an admin in with a cookie that no script can read and no other site can send', async () => {
    const answer = await form({ email: adminPerson.email, password: adminPerson.password });
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).toMatch(/Path=\/admin/);
  });

  test('lets nobody else in', async () => {
    const wrong = await form({ email: adminPerson.email, password: 'wrong' });
    expect(wrong.status).toBe(401);
    expect(await wrong.text()).toContain('E-mail or password is not right.');
    const person = await server.addPerson(tenant, { role: 'manager' });
    expect((await form({ email: person.email, password: person.password })).status).toBe(403);
    const stranger = await page('/admin/sync-log', 'roadbook_console=guess');
    expect([stranger.status, stranger.headers.get('location')]).toEqual([303, '/admin']);
  });

  test('takes no form from another site, whatever the origin says', async () => {
    const status = async (headers: Record<string, string>) =>
      (await form({ email: adminPerson.email, password: adminPerson.password }, headers)).status;
    const others: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'null', 'sec-fetch-site': 'cross-site' },
      { origin: server.url, 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of others) expect([headers, await status(headers)]).toEqual([headers, 403]);
    const own: Record<string, string>[] = [
      { origin: server.url, 'sec-fetch-site': 'same-origin' },
      { origin: 'null', 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
      {},
    ];
    for (const headers of own) expect([headers, await status(headers)]).toEqual([headers, 303]);
  });

  test('shows devices, lines and the value that waits, with everything escaped', async () => {
    const cookie = await signedIn();
    const answer = await page(`/admin/sync-log?exchange=${rep.device.id}.${exchange}`, cookie);
    const text = await answer.text();
    expect(answer.status).toBe(200);
    expect(text).toContain('Mara&#39;s laptop');
    expect(text).toContain('1 refused, stage.lost_reason_required');
    expect(text).toContain('Conflict kept');
    expect(text).toContain('$3.00');
    expect(text).toContain('Waits for Tomas');
    expect(text).toContain('Cancity &lt;b&gt;GTX&lt;/b&gt;');
    expect(text).not.toContain('<b>GTX</b>');
  });

  test('has no script and no inline style, and a policy that allows neither', async () => {
    const cookie = await signedIn();
    const answer = await page('/admin/sync-log', cookie);
    const text = await answer.text();
    expect(text).not.toMatch(/<script|\sstyle=|\son\w+=/);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    for (const [, path] of text.matchAll(/(?:href|src)="(\/admin\/assets\/[^"]+)"/g)) {
      expect((await page(path ?? '')).status).toBe(200);
    }
    expect((await page('/admin/assets/fonts/inter.woff2')).headers.get('content-type')).toBe('font/woff2');
    expect((await page('/admin/assets/..%2f..%2f..%2fpackage.json')).status).toBe(404);
  });

  test('has the app’s own tokens, dark where the browser asks for it, and faces that a server without the app has', async () => {
    const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
    const names = (css: string) => [...css.matchAll(/^\s*(--[\w-]+:)/gm)].map(([, name]) => name);
    const served = await (await page('/admin/assets/tokens.css')).text();
    const tokens = read('shared/style/tokens.css');
    expect(names(served)).toEqual(names(tokens));
    expect(served).toMatch(
      /@media \(prefers-color-scheme: dark\) \{\s*:root \{[^}]*color-scheme: dark;\s*\}\s*\}/,
    );
    expect(served).not.toContain('[data-theme');
    const faces = await (await page('/admin/assets/fonts.css')).text();
    for (const [, face] of faces.matchAll(/url\((fonts\/[^)]+)\)/g)) {
      expect((await page(`/admin/assets/${face}`)).status).toBe(200);
    }
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: object };
    expect(Object.keys(dependencies)).toEqual(
      expect.arrayContaining(['@fontsource-variable/inter', '@fontsource-variable/jetbrains-mono']),
    );
  });

  test('is left for good by signing out', async () => {
    const cookie = await signedIn();
    await fetch(new URL('/admin/sign-out', server.url), {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie },
    });
    expect((await page('/admin/sync-log', cookie)).status).toBe(303);
  });
});

test('amounts of the console have as many digits as their currency', () => {
  expect(fieldValueText({ minor: 150_000, currency: 'JPY' })).toBe('¥150,000');
  expect(fieldValueText({ minor: 150_000, currency: 'USD' })).toBe('$1,500.00');
  expect(fieldValueText({ minor: 1_500, currency: 'KWD' })).toBe('KWD\u00a01.500');
  expect(fieldValueText({ minor: 1, currency: 'odd' })).toBe('{"minor":1,"currency":"odd"}');
});

test('an unknown address and a broken body are problems with a request id', async () => {
  const missing = await fetch(new URL('/nowhere', server.url));
  expect(missing.status).toBe(404);
  expect(missing.headers.get('content-type')).toContain('application/problem+json');
  const broken = await fetch(new URL(routes.signIn, server.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{',
  });
  expect((await broken.json()) as object).toMatchObject({ code: 'request.invalid', status: 400 });
});
