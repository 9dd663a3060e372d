import { formatStamp } from '../../shared/sync/hlc.ts';
import type {
  Group,
  Mutation,
  PullRequest,
  PullResponse,
  PushRequest,
  PushResponse,
} from '../../shared/sync/wire.ts';
import { PROTOCOL, routes } from '../../shared/sync/wire.ts';
import { companyId } from '../../sync-server/company/definitions.ts';
import { newId, type TestDevice } from './server.ts';

let counter = 0;

/** A mutation as a device makes it; stamps rise with every call. */
export function mutation(
  device: TestDevice,
  part: Partial<Mutation> & Pick<Mutation, 'collection' | 'record'>,
): Mutation {
  counter = (counter + 1) % 0xffff;
  const now = Date.now();
  return {
    id: newId(),
    op: 'set',
    field: '',
    base: null,
    baseRev: 0,
    value: null,
    clock: formatStamp({ millis: now, counter, node: device.device.id }),
    madeAt: new Date(now).toISOString(),
    offline: false,
    ...part,
  };
}

export function group(...mutations: Mutation[]): Group {
  return { id: newId(), mutations };
}

/** A new deal in the default pipeline. */
export function newDeal(
  device: TestDevice,
  value: Record<string, unknown> = {},
  record: string = newId(),
): Mutation {
  return mutation(device, {
    collection: 'deals',
    record,
    op: 'create',
    value: {
      name: 'Cancity GTX Plus Basic',
      pipeline: companyId(device.user.tenant, 'pipeline\ndefault'),
      stage: 'prospecting',
      ...value,
    },
  });
}

export function newAccount(device: TestDevice, name = 'Cancity', record: string = newId()): Mutation {
  return mutation(device, { collection: 'accounts', record, op: 'create', value: { name } });
}

export async function push(device: TestDevice, ...groups: Group[]): Promise<PushResponse> {
  const request: PushRequest = { ...client(), epoch: '', groups };
  const { status, body } = await device.post<PushResponse>(routes.push, request);
  if (status !== 200) throw new Error(`push answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** One page. */
export async function pull(
  device: TestDevice,
  checkpoint: PullRequest['checkpoint'] = null,
  limit = 2000,
): Promise<PullResponse> {
  const { status, body } = await device.post<PullResponse>(routes.pull, { ...client(), checkpoint, limit });
  if (status !== 200) throw new Error(`pull answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** Every page until the device is level. */
export async function pullAll(
  device: TestDevice,
  checkpoint: PullRequest['checkpoint'] = null,
  limit = 2000,
): Promise<PullResponse[]> {
  const pages: PullResponse[] = [];
  let from = checkpoint;
  for (;;) {
    const page = await pull(device, from, limit);
    pages.push(page);
    from = page.checkpoint;
    if (!page.more) return pages;
  }
}

export function client(exchange: string = newId()) {
  return { protocol: PROTOCOL, projection: '', exchange };
}
