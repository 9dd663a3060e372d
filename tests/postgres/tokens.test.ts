import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes, type SignInResponse } from '../../shared/sync/wire.ts';
import { call, startServer, type TestDevice, type TestServer } from '../factories/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const refresh = (device: TestDevice, refreshToken: string) =>
  call<Pick<SignInResponse, 'refreshToken'>>(server.url, 'POST', routes.refresh, undefined, {
    refreshToken,
    device: device.device.id,
  });

test('two tokens of one parent that are used in the same moment end the session, as they do one after the other', async () => {
  const { id: tenant } = await server.addCompany();
  for (let time = 0; time < 8; time += 1) {
    const device = await server.signIn(await server.addPerson(tenant));
    // The first answer was lost on the way: the device asks again with the same token, and a thief has the other one.
    const [one, two] = await Promise.all([
      refresh(device, device.refreshToken),
      refresh(device, device.refreshToken),
    ]);
    const answers = await Promise.all([
      refresh(device, one.body.refreshToken),
      refresh(device, two.body.refreshToken),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
  }
});
