import { onTestFinished } from 'vitest';
import { type StartOptions, startServer, type TestServer } from '../../factories/server.ts';
import { type DeviceOptions, startDevice, type TestDevice } from './device.ts';
import { end } from './end.ts';

export interface Company {
  readonly server: TestServer;
  readonly tenant: string;
  /** A new person on a device of their own. */
  device(name: string, options?: DeviceOptions & { role?: 'rep' | 'manager' | 'admin' }): Promise<TestDevice>;
}

/** A company on a real server; all of it is closed when the test is over. */
export async function company(options: StartOptions = {}): Promise<Company> {
  const server = await startServer(options);
  onTestFinished(() => end(server, 'close'));
  const { id: tenant } = await server.addCompany();
  return {
    server,
    tenant,
    device: async (name, { role = 'rep', ...rest } = {}) => {
      const person = await server.addPerson(tenant, { name, role });
      const device = await startDevice(server, person, { name: `${name}'s laptop`, ...rest });
      onTestFinished(() => device.close());
      return device;
    },
  };
}

/** A deal on this device, synced. */
export async function newDeal(device: TestDevice, values: Record<string, unknown> = {}) {
  const deal = await device.workspace.pages.create('deals', {
    name: 'Racks for the north hall',
    amount: { minor: 1_000_000, currency: 'USD' },
    closeDate: '2026-12-01',
    ...values,
  });
  await device.sync();
  return deal;
}
