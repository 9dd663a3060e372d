/** Entry of the picture pages: the real window over an invented main process. */
import { RoadbookError } from '../../shared/errors.ts';
import type { Bridge } from '../../shared/ipc.ts';
import { demoRecords } from '../factories/demo-records.ts';
import { FakeBridge } from '../factories/fake-bridge.ts';

const options = new URLSearchParams(window.location.search);
const fake = new FakeBridge({
  records: demoRecords(Number(options.get('deals') ?? 520)),
  delay: Number(options.get('delay') ?? 0),
});
fake.overrides['preferences.get'] = () => ({
  theme: options.get('theme') === 'dark' ? 'dark' : 'light',
  density: options.get('density') === 'comfortable' ? 'comfortable' : 'dense',
});
const failing = options.get('fail');
if (failing === 'view.open') {
  fake.overrides['view.open'] = () => {
    throw new RoadbookError('store.failed');
  };
}
const page = window as unknown as { roadbook: Bridge; fake: FakeBridge };
page.roadbook = fake;
page.fake = fake;
await import('../../renderer/main.tsx');
