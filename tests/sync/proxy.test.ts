import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { throughProxies } from '../../electron/shell/proxy.ts';
import { passphrase, type SessionDevice, server, signIn, start } from './support/session-device.ts';
import { until } from './support/until.ts';

interface TestProxy {
  /** As the system names it. */
  readonly way: string;
  /** Hosts that a tunnel was asked for. */
  readonly asked: string[];
  /** What it answers instead of a tunnel. */
  refuses: string | undefined;
  /** Ends every tunnel. */
  cut(): void;
}

/** A proxy as a company has it, between this process and the server. */
async function proxy(): Promise<TestProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const http: Server = createServer((_request, answer) => answer.writeHead(403).end());
  const self: TestProxy = {
    way: '',
    asked,
    refuses: undefined,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
  http.on('connect', (request, client: Socket, head) => {
    asked.push(request.url ?? '');
    sockets.add(client);
    client.on('error', () => undefined);
    if (self.refuses !== undefined) {
      client.end(
        `HTTP/1.1 ${self.refuses}\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n`,
      );
      return;
    }
    const [host, port] = (request.url ?? '').split(':');
    const far = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      far.write(head);
      far.pipe(client).pipe(far);
    });
    sockets.add(far);
    far.on('error', () => client.destroy());
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    self.cut();
    http.close();
  });
  return Object.assign(self, { way: `PROXY 127.0.0.1:${(http.address() as AddressInfo).port}` });
}

const status = ({ workspace }: SessionDevice) => workspace().sync.status();
const newAccount = ({ workspace }: SessionDevice, name: string) =>
  workspace().pages.create('accounts', { name });
const accountsThere = async () =>
  (
    await server.store.db.selectFrom('rows').select('name').where('collection', '=', 'accounts').execute()
  ).map(({ name }) => name);

async function setUp(resolve: () => Promise<string>): Promise<SessionDevice> {
  const device = await start(undefined, { transport: throughProxies({ resolve, direct: fetch }) });
  await signIn(device);
  await device.session.createPassphrase(passphrase);
  await device.session.confirmRecovery();
  await until('the first sync is done', () => status(device).verifiedAt !== null);
  return device;
}

test('where the system names a proxy, sign-in, sync and the live stream go through it', async () => {
  const between = await proxy();
  const device = await setUp(async () => `${between.way}; DIRECT`);
  await newAccount(device, 'Behind the proxy');
  await until('it is on the server', async () => (await accountsThere()).includes('Behind the proxy'));
  await until('it is online', () => status(device).state === 'online');
  const { host } = new URL(server.url);
  expect(new Set(between.asked)).toEqual(new Set([host]));
});

test('a proxy that refuses is told as what it is, and once it lets through nothing was lost', async () => {
  const between = await proxy();
  const device = await setUp(async () => between.way);
  between.refuses = '407 Proxy Authentication Required';
  between.cut();
  await newAccount(device, 'Typed behind a closed proxy');
  await until('it is told', () => status(device).error?.code === 'sync.in_between');
  expect(status(device)).toMatchObject({ state: 'offline', waiting: 1 });
  between.refuses = undefined;
  device.workspace().sync.hurry();
  await until('it is on the server', async () =>
    (await accountsThere()).includes('Typed behind a closed proxy'),
  );
  await until('nothing is wrong any more', () => status(device).error === null);
});

test('the way is asked for anew: at home, without the proxy of the office, it goes straight', async () => {
  const between = await proxy();
  let ways = between.way;
  const device = await setUp(async () => ways);
  ways = 'DIRECT';
  between.refuses = '403 Forbidden';
  between.cut();
  const asked = between.asked.length;
  await newAccount(device, 'Typed at home');
  await until('it is on the server', async () => (await accountsThere()).includes('Typed at home'));
  expect(between.asked).toHaveLength(asked);
});

test('a proxy that has no line to the server is no network, and asks nobody to sign in', async () => {
  const between = await proxy();
  const device = await setUp(async () => between.way);
  between.refuses = '503 Service Unavailable';
  between.cut();
  await until('it is offline', () => status(device).state === 'offline');
  expect(status(device).error).toBeNull();
});
