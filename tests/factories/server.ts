import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { uuidv7 } from '../../shared/sync/ids.ts';
import { routes, type SignInRequest, type SignInResponse } from '../../shared/sync/wire.ts';
import { type AppOptions, buildApp } from '../../sync-server/app.ts';
import { hashPassword } from '../../sync-server/auth/passwords.ts';
import { addCompany, type NewPerson, type Person, putPerson } from '../../sync-server/company/company.ts';
import { prepareDemo } from '../../sync-server/demo/demo.ts';
import type { Tenant } from '../../sync-server/store/accounts.ts';
import type { Environment } from '../../sync-server/store/environment.ts';
import type { PostgresOptions } from '../../sync-server/store/postgres.ts';
import { Store } from '../../sync-server/store/store.ts';
import { databaseOf, removeDatabaseOf } from './database.ts';

export interface StartOptions extends Omit<AppOptions, 'store'> {
  /** Fill the new server with the demo company; `demo` of the server then holds what was printed. */
  readonly demo?: boolean;
  /** Folder of an earlier server, to start it again on the same data; a new temporary one by default. */
  readonly data?: string;
  /** 0 (default) = any free port; name one to come back where a device expects the server. */
  readonly port?: number;
  readonly environment?: Environment;
  /** A PostgreSQL of the test's own; by default what the run is told to use. */
  readonly postgres?: PostgresOptions;
}

export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly data: string;
  readonly store: Store;
  readonly app: FastifyInstance;
  /** What a person would read on the screen when the demo company is made. */
  readonly printed: readonly string[];
  /** A company with currency, lost reasons and the default pipeline. */
  addCompany(company?: { slug?: string; name?: string; currency?: string }): Promise<Tenant>;
  /** A person who can sign in with `password` (default: "correct horse"). */
  addPerson(tenant: string, person?: Partial<NewPerson>): Promise<Person & { password: string }>;
  /** Gives somebody who is there already (of an import, of the demo) a password. */
  setPassword(email: string, password: string): Promise<void>;
  /** Signs in over HTTP, from a new device unless one is given. */
  signIn(
    person: { email: string; password: string },
    device?: Partial<SignInRequest['device']>,
  ): Promise<TestDevice>;
  /** Stops listening and closes the database; the data stays. */
  stop(): Promise<void>;
  /** Stops and removes the data. */
  close(): Promise<void>;
}

/** A signed-in device that talks to the server over its socket. */
export interface TestDevice extends SignInResponse {
  readonly device: SignInRequest['device'];
  /** POSTs JSON with this device's access token. */
  post<T>(path: string, body: unknown): Promise<{ status: number; body: T }>;
  get<T>(path: string): Promise<{ status: number; body: T }>;
}

/** The real server on a real socket and a real database, in a folder of its own. */
export async function startServer(options: StartOptions = {}): Promise<TestServer> {
  const { data: givenData, port, environment, demo, postgres, ...appOptions } = options;
  const data = givenData ?? mkdtempSync(join(tmpdir(), 'roadbook-server-'));
  const store = await Store.open({
    data,
    ...(postgres === undefined ? await databaseOf(data) : { postgres }),
    ...(environment === undefined ? {} : { environment }),
  });
  const printed: string[] = [];
  if (demo) await prepareDemo(store, (line) => printed.push(line));
  // Tests ask faster than people.
  const app = await buildApp({ requestsPerMinute: 10_000_000, ...appOptions, store });
  const url = await app.listen({ host: '127.0.0.1', port: port ?? 0 });
  let people = 0;
  const stop = async () => {
    await app.close();
    await store.close();
  };
  return {
    url,
    port: Number(new URL(url).port),
    data,
    store,
    app,
    printed,
    addCompany: (company = {}) =>
      addCompany(store, { slug: `company-${newId().slice(-12)}`, name: 'Northgate Supply', ...company }),
    addPerson: async (tenant, person = {}) => {
      people += 1;
      const password = person.password ?? 'correct horse';
      const known = await putPerson(store, tenant, {
        email: `person-${people}-${newId().slice(-6)}@example.com`,
        name: `Person ${people}`,
        role: 'rep',
        ...person,
        password,
      });
      return { ...known, password };
    },
    setPassword: async (email, password) => {
      const user = await store.accounts.userByEmail(email);
      if (user === undefined) throw new Error(`nobody has the address ${email}`);
      await store.accounts.setPasswordHash(user.id, await hashPassword(password));
    },
    signIn: (person, device) => signInTo(url, person, device),
    stop,
    close: async () => {
      await stop();
      await removeDatabaseOf(data);
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Signs in to any server, from a new device unless one is given. */
export async function signInTo(
  url: string,
  person: { email: string; password: string },
  device: Partial<SignInRequest['device']> = {},
): Promise<TestDevice> {
  const full = { id: newId(), name: 'Test laptop', platform: 'linux', app: '0.1.0', ...device };
  const { status, body } = await call<SignInResponse>(url, 'POST', routes.signIn, undefined, {
    email: person.email,
    password: person.password,
    device: full,
  });
  if (status !== 200) throw new Error(`sign-in answered ${status}: ${JSON.stringify(body)}`);
  return {
    ...body,
    device: full,
    post: (path, content) => call(url, 'POST', path, body.accessToken, content),
    get: (path) => call(url, 'GET', path, body.accessToken),
  };
}

export function newId(): string {
  return uuidv7(Date.now(), (length) => randomBytes(length));
}

/** One request; the answer is parsed when it is JSON. */
export async function call<T>(
  url: string,
  method: string,
  path: string,
  token?: string,
  content?: unknown,
): Promise<{ status: number; body: T; headers: Headers }> {
  const response = await fetch(new URL(path, url), {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(content === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(content === undefined ? {} : { body: JSON.stringify(content) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: response.status,
    body: (isJson ? JSON.parse(text) : text) as T,
    headers: response.headers,
  };
}
