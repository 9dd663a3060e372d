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
  lockMinutes: 15,
  sync: 'automatic',
});
const failing = options.get('fail');
if (failing === 'view.open') {
  fake.overrides['view.open'] = () => {
    throw new RoadbookError('store.failed');
  };
}
const million = Number(options.get('rows') ?? 0);
if (million > 0) {
  const deals = fake.data.rows.get('deals') ?? [];
  fake.overrides['view.open'] = ({ collection }) => ({
    viewId: `many-${collection}`,
    count: collection === 'deals' ? million : 0,
    version: 1,
  });
  fake.overrides['view.rows'] = ({ viewId, from, count }) => ({
    viewId,
    version: 1,
    count: million,
    from,
    rows: Array.from({ length: Math.min(count, million - from) }, (_, at) => {
      const row = deals[(from + at) % deals.length];
      if (row === undefined) throw new RoadbookError('record.not_found');
      return { ...row, id: `many-${from + at}` };
    }),
    names: Object.fromEntries(fake.data.names),
  });
  fake.overrides['view.summary'] = () => ({ count: million, sums: [] });
}
const page = window as unknown as { roadbook: Bridge; fake: FakeBridge };
page.roadbook = fake;
page.fake = fake;
await import('../../renderer/main.tsx');
