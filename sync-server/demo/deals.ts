import { defaultStages } from '../../shared/rules/stages.ts';
import { companyId, lostReasons } from '../company/definitions.ts';
import type { Wanted } from '../store/bulk.ts';
import { instant } from '../store/environment.ts';
import { DAY, ownerOf, type Scene } from './scene.ts';
import { nextSteps } from './words.ts';

const DEALS = 900;
const OPEN_STAGES = defaultStages.filter(({ outcome }) => outcome === 'open');

/** Deals of the last eighteen months: old ones are closed, young ones stand somewhere on their way. */
export function demoDeals(
  scene: Scene,
  accounts: readonly Wanted[],
  contacts: readonly Wanted[],
  products: readonly Wanted[],
): Wanted[] {
  const { chance } = scene;
  return Array.from({ length: DEALS }, (_, index) => {
    const account = chance.pick(accounts);
    const product = chance.pick(products);
    const owner = ownerOf(scene, account);
    const age = chance.between(1, 540);
    const length = chance.between(30, 160);
    const price = (product.body.price as { minor: number }).minor;
    const people = contacts.filter(({ body }) => body.account === account.id);
    return scene.record('deals', scene.id('deal', index), owner, age, {
      name: `${String(account.body.name)} ${String(product.body.name).toLowerCase()}`,
      account: account.id,
      product: product.id,
      pipeline: companyId(scene.tenant, 'pipeline\ndefault'),
      amount: { minor: price * chance.between(1, 24), currency: scene.currency },
      openedOn: scene.date(-age),
      source: chance.pick(['Existing customer', 'Trade fair', 'Website', 'Recommendation']),
      ...(people.length > 0 && chance.chance(0.7)
        ? { contacts: [{ id: 'first', contact: chance.pick(people).id, role: 'Decides' }] }
        : {}),
      ...(age > length ? closed(scene, age, length) : open(scene, age, length)),
    });
  });
}

function closed(scene: Scene, age: number, length: number): Wanted['body'] {
  const { chance } = scene;
  const won = chance.chance(0.58);
  const days = length - age;
  return {
    stage: won ? 'won' : 'lost',
    probability: won ? 100 : 0,
    closeDate: scene.date(days),
    stageEnteredAt: instant(scene.now + days * DAY),
    forecast: won ? 'commit' : 'omitted',
    ...(won ? {} : { lostReason: chance.pick(lostReasons) }),
  };
}

function open(scene: Scene, age: number, length: number): Wanted['body'] {
  const { chance } = scene;
  const reached = Math.min(Math.floor((age / length) * OPEN_STAGES.length), OPEN_STAGES.length - 1);
  const stage = OPEN_STAGES[chance.between(0, reached)] ?? OPEN_STAGES[0];
  // A few are overdue, as in every real pipeline.
  const closeIn = chance.chance(0.08)
    ? -chance.between(1, 20)
    : Math.max(3, length - age + chance.between(0, 40));
  return {
    stage: stage?.id,
    probability: stage?.probability,
    closeDate: scene.date(closeIn),
    stageEnteredAt: instant(scene.now - chance.between(0, Math.min(age, 60)) * DAY),
    forecast:
      (stage?.probability ?? 0) >= 80 ? 'commit' : (stage?.probability ?? 0) >= 50 ? 'best' : 'pipeline',
    ...(chance.chance(0.7) ? { nextStep: chance.pick(nextSteps) } : {}),
  };
}
