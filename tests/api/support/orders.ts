import { createPublicKey, verify } from 'node:crypto';
import { orderText, type SignedOrder } from '../../../shared/sync/orders.ts';
import { type PullResponse, routes, type Tokens } from '../../../shared/sync/wire.ts';
import { client } from '../../factories/mutations.ts';
import { call, startServer, type TestDevice } from '../../factories/server.ts';

export const DAY = 86_400_000;

export interface Problem {
  code: string;
  details: { order?: string };
}

export interface OrderLine {
  id: string;
  device: string;
  kind: string;
  state: string;
  taken: number;
  held: number;
  unsent: number | null;
  deliveredAt: string | null;
}

export const at = (route: string, id: string) => route.replace(':id', id);

export const orderIn = ({ details }: Problem) => JSON.parse(details.order ?? 'null') as SignedOrder | null;

export const signatureHolds = ({ order, signature }: SignedOrder, key: string) =>
  verify(
    null,
    Buffer.from(orderText(order)),
    createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key }, format: 'jwk' }),
    Buffer.from(signature, 'base64url'),
  );

/** A company whose admin orders its devices about, on a server whose clock the test sets. */
export async function startOrdering() {
  const clock = { now: Date.UTC(2026, 10, 1) };
  const server = await startServer({
    environment: { now: () => clock.now, random: (length) => crypto.getRandomValues(new Uint8Array(length)) },
  });
  const tenant = (await server.addCompany()).id;
  const newAdmin = async () => server.signIn(await server.addPerson(tenant, { name: 'Ada', role: 'admin' }));
  let admin = await newAdmin();
  const as = (device: TestDevice, method: string, path: string, body?: unknown) =>
    call<Problem>(server.url, method, path, device.accessToken, body);
  const orders = async () =>
    (await call<{ orders: OrderLine[] }>(server.url, 'GET', routes.deviceOrders, admin.accessToken)).body
      .orders;
  return {
    server,
    tenant,
    clock,
    as,
    orders,
    /** Signed in as the admin; again after `renewAdmin`. */
    admin: () => admin,
    /** After a time in which the admin's access has run out. */
    renewAdmin: async () => {
      admin = await newAdmin();
    },
    order: (device: string, kind: string) => as(admin, 'POST', at(routes.deviceOrder, device), { kind }),
    orderOf: async (device: TestDevice): Promise<OrderLine> => {
      const found = (await orders()).find((line) => line.device === device.device.id);
      if (found === undefined) throw new Error('there is no order');
      return found;
    },
    pull: (device: TestDevice) =>
      call<PullResponse & Problem>(server.url, 'POST', routes.pull, device.accessToken, {
        ...client(),
        checkpoint: null,
        limit: 10,
      }),
    refresh: (device: Pick<TestDevice, 'device' | 'refreshToken'>, refreshToken = device.refreshToken) =>
      call<Tokens & Problem>(server.url, 'POST', routes.refresh, undefined, {
        refreshToken,
        device: device.device.id,
      }),
    signIn: (person: { email: string; password: string }, device: TestDevice['device']) =>
      call<Problem>(server.url, 'POST', routes.signIn, undefined, {
        email: person.email,
        password: person.password,
        device,
      }),
    receipt: (signed: SignedOrder, nonce = signed.order.nonce) =>
      call<Problem>(server.url, 'POST', routes.receipt, undefined, {
        order: signed.order.id,
        nonce,
        wipedAt: new Date(clock.now).toISOString(),
        unsent: 0,
      }),
    rep: async (name = 'Rita') => {
      const person = await server.addPerson(tenant, { name });
      return { person, device: await server.signIn(person, { name: `${name}'s laptop` }) };
    },
    /** Entries of one kind in the company's audit log. */
    auditOf: async (kind: string) => {
      const found = await server.store.db
        .selectFrom('audit_log')
        .innerJoin('audit_values', (join) =>
          join
            .onRef('audit_values.tenant', '=', 'audit_log.tenant')
            .onRef('audit_values.seq', '=', 'audit_log.seq'),
        )
        .select('json')
        .where('audit_log.tenant', '=', tenant)
        .where('kind', '=', kind)
        .orderBy('audit_log.seq')
        .execute();
      return found.map(({ json }) => JSON.parse(json) as Record<string, unknown>);
    },
  };
}

export type Ordering = Awaited<ReturnType<typeof startOrdering>>;
