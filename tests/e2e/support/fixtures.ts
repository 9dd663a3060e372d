import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { Company, exportsDir, hasExports } from './company.ts';
import { Device, type DeviceOptions, type Laptop } from './device.ts';

interface Tools {
  /** A new desktop that is ended and removed after the test, however the test ends. */
  device(name: string, options?: DeviceOptions, laptop?: Laptop): Device;
}

interface Companies {
  /** The demo company: small, the same every time but for its passwords. */
  demo: Company;
  /** The imported exports of a real sales team; the demo company where they do not lie beside the checkout. */
  sales: Company;
}

export const test = base.extend<Tools, Companies>({
  device: async ({ browserName: _ }, use, info) => {
    const devices: Device[] = [];
    await use((name, options, laptop) => {
      const device = new Device(name, options, laptop);
      devices.push(device);
      return device;
    });
    for (const [index, device] of devices.entries()) {
      if (info.status !== info.expectedStatus && device.running) {
        const body = await device.page.screenshot().catch(() => undefined);
        if (body) await info.attach(`device ${index + 1}`, { body, contentType: 'image/png' });
      }
      // What the app said of itself goes with its folders.
      const log = join(device.laptop.profile, 'logs', 'roadbook.log');
      if (info.status !== info.expectedStatus && existsSync(log)) {
        const body = readFileSync(log);
        await info.attach(`log of device ${index + 1}`, { body, contentType: 'text/plain' });
      }
      await device.dispose();
    }
    expect(devices.flatMap((device) => device.complaints)).toEqual([]);
  },
  demo: [
    async ({ browserName: _ }, use) => {
      const company = new Company();
      await company.start({ ROADBOOK_DEMO: '1' });
      await use(company);
      await company.dispose();
    },
    { scope: 'worker' },
  ],
  sales: [
    async ({ browserName: _ }, use) => {
      const company = new Company();
      if (hasExports) {
        await company.import(exportsDir);
        await company.give('rep', 'Moses Frase', 'moses.frase@maven.example');
        await company.give('rep', 'Darcel Schlecht', 'darcel.schlecht@maven.example');
        await company.give('admin', 'Ada Admin', 'ada@maven.example');
      } else {
        console.log(
          'The exports of the sales team are not beside this checkout: the demo company stands in.',
        );
      }
      await company.start(hasExports ? {} : { ROADBOOK_DEMO: '1' });
      await use(company);
      await company.dispose();
    },
    { scope: 'worker' },
  ],
});

export { expect };
