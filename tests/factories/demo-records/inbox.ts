import { type Scene, usd } from './scene.ts';

/** Two things that wait for a person, and four that are settled. */
export function addInbox({ add, names }: Scene): void {
  add(
    'inbox',
    'inbox-0',
    {
      kind: 'conflict',
      subject: names.get('deal-0005'),
      collection: 'deals',
      record: 'deal-0005',
      field: 'amount',
      base: usd(54_820),
      server: {
        value: usd(60_302),
        user: 'user-01',
        device: 'Web, Chicago office',
        at: '2017-11-14T08:47:00.000Z',
      },
      device: {
        value: usd(65_784),
        user: 'user-00',
        device: 'Nora’s laptop',
        at: '2017-11-14T09:31:00.000Z',
        offline: true,
      },
      status: 'open',
      at: '2017-11-14T09:34:00.000Z',
    },
    { owner: 'user-00' },
  );
  add(
    'inbox',
    'inbox-1',
    {
      kind: 'refusal',
      subject: names.get('deal-0140'),
      collection: 'deals',
      record: 'deal-0140',
      field: 'stage',
      base: 'negotiation',
      device: {
        value: 'lost',
        user: 'user-00',
        device: 'Nora’s laptop',
        at: '2017-11-14T09:12:00.000Z',
        offline: true,
      },
      server: {
        value: 'negotiation',
        user: 'user-00',
        device: 'Nora’s laptop',
        at: '2017-11-10T09:12:00.000Z',
      },
      code: 'stage.lost_reason_required',
      reason: 'A lost deal needs a lost reason.',
      status: 'open',
      at: '2017-11-14T09:34:00.000Z',
    },
    { owner: 'user-00' },
  );
  for (let index = 2; index < 6; index += 1) {
    add(
      'inbox',
      `inbox-${index}`,
      {
        kind: 'conflict',
        subject: names.get(`deal-00${index}1`),
        collection: 'deals',
        record: `deal-00${index}1`,
        field: 'amount',
        base: usd(1_000),
        server: { value: usd(2_000 * index), user: 'user-01', device: 'Web', at: '2017-11-09T08:47:00.000Z' },
        device: {
          value: usd(3_000 * index),
          user: 'user-00',
          device: 'Nora’s laptop',
          at: '2017-11-09T09:31:00.000Z',
        },
        status: 'resolved',
        resolution: { choice: 'device', value: usd(3_000 * index) },
        at: `2017-11-0${index + 3}T09:34:00.000Z`,
      },
      { owner: 'user-00' },
    );
  }
}
