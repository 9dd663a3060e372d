import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { defaultStages } from '../../../shared/rules/stages.ts';
import { PROTOCOL, routes, type SignInResponse } from '../../../shared/sync/wire.ts';
import { addCompany, putPerson } from '../../../sync-server/company/company.ts';
import { companyId, defaultPipeline } from '../../../sync-server/company/definitions.ts';
import { type Wanted, writeRecords } from '../../../sync-server/store/bulk.ts';
import { Store } from '../../../sync-server/store/store.ts';
import { accountName, makeCompany, makeContacts } from './contacts.ts';
import { root } from './options.ts';

/** Of people who exist for the length of a run, on a server that only this machine reaches. */
export const PASSWORD = randomUUID();
export const people = {
  anna: { email: 'anna@bench.example', name: 'Anna Alder', role: 'manager' },
  ben: { email: 'ben@bench.example', name: 'Ben Brook', role: 'manager' },
  ada: { email: 'ada@bench.example', name: 'Ada Admin', role: 'admin' },
} as const;

const BATCH = 10_000;
const READY = /^Roadbook sync server listening on (http:\/\/\S+)/;

/** Fills a new server's database with a company: its people, 2,000 accounts with a deal each, and `rows` contacts. */
export async function seed(data: string, rows: number, from: number): Promise<void> {
  const store = await Store.open({ data });
  try {
    const tenant = await addCompany(store, { slug: 'bench', name: 'Bench company' });
    for (const person of Object.values(people)) {
      await putPerson(store, tenant.id, { ...person, password: PASSWORD });
    }
    const source = { kind: 'set-up', name: 'bench' };
    const company = makeCompany(from, tenant.id);
    const accounts = company.accounts.map(
      ({ id, domain }): Wanted => ({
        collection: 'accounts',
        id,
        body: { name: accountName(domain), domain, type: 'customer' },
      }),
    );
    await writeRecords(store, tenant.id, accounts, source);
    await writeRecords(store, tenant.id, dealsOf(company.accounts, tenant.id), source);
    let batch: Wanted[] = [];
    for (const { id, owner, team, territory, createdAt, body } of makeContacts(from, rows, company)) {
      batch.push({ collection: 'contacts', id, owner, team, territory, createdAt, body });
      if (batch.length < BATCH) continue;
      await writeRecords(store, tenant.id, batch, source);
      batch = [];
    }
    await writeRecords(store, tenant.id, batch, source);
  } finally {
    await store.close();
  }
}

const stages = defaultStages.map(({ id }) => id);

/** One deal for each account, so that the screens that open first have something to show. */
function dealsOf(
  accounts: readonly { readonly id: string; readonly domain: string }[],
  tenant: string,
): Wanted[] {
  return accounts.map(({ id, domain }, index) => ({
    collection: 'deals',
    id: companyId(tenant, `deal\n${id}`),
    body: {
      name: `${accountName(domain)} yearly order`,
      account: id,
      pipeline: defaultPipeline(tenant).id,
      stage: stages[index % stages.length],
      amount: { minor: 100_00 * (index + 1), currency: 'USD' },
      closeDate: '2026-12-01',
    },
  }));
}

export interface Server {
  readonly url: string;
  readonly pid: number;
  /** Ends the process in order and waits for it. */
  stop(): Promise<void>;
}

/** A real server process on a free port of this machine. */
export async function startServer(data: string): Promise<Server> {
  const child = spawn(process.execPath, [join(root, 'sync-server', 'server.ts')], {
    cwd: root,
    env: {
      ...process.env,
      ROADBOOK_DATA: data,
      ROADBOOK_PORT: '0',
      ROADBOOK_LOG: 'error',
      // A backup in the middle of a measurement would be measured too.
      ROADBOOK_BACKUP_HOURS: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const url = await new Promise<string>((done, fail) => {
    createInterface(child.stdout).on('line', (line) => {
      const address = READY.exec(line)?.[1];
      if (address) done(address);
    });
    child.once('exit', (code) => fail(new Error(`The server ended with ${code}.`)));
  });
  return {
    url,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Signs a new device in. */
export async function signIn(
  url: string,
  email: string,
  password: string = PASSWORD,
): Promise<{ device: string; response: SignInResponse }> {
  const id = randomUUID();
  const device = { id, name: 'Bench device', platform: process.platform, app: '0' };
  const answer = await post(url + routes.signIn, { email, password, device });
  return { device: id, response: (await answer.json()) as SignInResponse };
}

export async function post(url: string, body: unknown, token?: string): Promise<Response> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (token) headers.authorization = `Bearer ${token}`;
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response;
}

/** The members that every request of a sync carries. */
export const client = () => ({ protocol: PROTOCOL, projection: '', exchange: randomUUID() });
