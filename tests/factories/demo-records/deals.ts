import type { SyncMark } from '../../../shared/ipc.ts';
import { defaultStages } from '../../../shared/rules/stages.ts';
import { pad, type Scene, usd } from './scene.ts';
import { wares } from './words.ts';

/** Deals, and what is to be done about them. */
export function addDeals({ add, names, random, pick, whole, day, at, owner }: Scene, deals: number): void {
  for (let index = 0; index < deals; index += 1) {
    const account = whole(0, 95);
    const stage = pick(defaultStages);
    const closed = stage.outcome !== 'open';
    const mark: SyncMark =
      index % 61 === 3 ? 'waiting' : index === 5 || index === 140 ? 'needs-you' : 'in-step';
    add(
      'deals',
      `deal-${pad(index, 4)}`,
      {
        name: `${names.get(`account-${pad(account)}`)} ${pick(wares)}${random() < 0.3 ? `, ${whole(2, 45)} units` : ''}`,
        account: `account-${pad(account)}`,
        pipeline: 'pipeline-field',
        stage: stage.id,
        probability: stage.probability,
        ...(stage.id === 'prospecting' && random() < 0.3
          ? {}
          : { amount: usd(Math.round(60 + random() ** 4 * 190_000)) }),
        closeDate: day(closed ? whole(-200, -1) : whole(-14, 100)),
        openedOn: day(whole(-300, -210)),
        nextStep: 'Site survey',
        forecast: pick(['pipeline', 'best', 'commit']),
        product: `product-${whole(0, 5)}`,
        ...(stage.id === 'lost' ? { lostReason: 'Price' } : {}),
        stageEnteredAt: at(whole(10, 30_000)),
        tags: ['field'],
      },
      { owner: owner(), mark },
    );
  }
  for (let index = 0; index < 200; index += 1) {
    const type = pick(['task', 'call', 'meeting', 'visit', 'email', 'note']);
    const about = whole(0, deals - 1);
    add(
      'activities',
      `activity-${pad(index)}`,
      {
        type,
        subject: pick([
          'Send trial agreement',
          'Follow up on quote',
          'Stock check',
          'Plant visit',
          'Delivery split over two sites',
        ]),
        text: pick([
          'They want 18 units by January and asked for the advanced kit in the same order.',
          'Connected. Wants delivery split over two sites.',
          'Paid list price in March.',
        ]),
        regarding: `deal-${pad(about, 4)}`,
        regardingCollection: 'deals',
        status: pick(['open', 'done']),
        priority: 'normal',
        dueOn: day(whole(-6, 30)),
      },
      { owner: owner() },
    );
  }
}
