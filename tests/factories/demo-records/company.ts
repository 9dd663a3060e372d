import { defaultStages } from '../../../shared/rules/stages.ts';
import { pad, type Scene, usd } from './scene.ts';
import { people, wares } from './words.ts';

/** Pipeline, reasons, territories, people and products. */
export function addCompany({ add, whole }: Scene): void {
  add('definitions', 'pipeline-field', {
    kind: 'pipeline',
    name: 'Field sales',
    order: 0,
    stages: defaultStages.map((stage) =>
      stage.id === 'proposal'
        ? { ...stage, limit: 120 }
        : stage.id === 'negotiation'
          ? { ...stage, limit: 90 }
          : stage,
    ),
  });
  add('definitions', 'lost-reasons', {
    kind: 'lostReasons',
    name: 'Lost reasons',
    choices: ['Price', 'Chose a competitor', 'No budget', 'No answer'],
  });
  add('definitions', 'company', { kind: 'company', name: 'Harbour Field', currency: 'USD' });
  for (const territory of ['Central', 'East', 'West']) {
    add('directory', `territory-${territory.toLowerCase()}`, { kind: 'territory', name: territory });
    add('directory', `team-${territory.toLowerCase()}`, { kind: 'team', name: `${territory} team` });
  }
  people.forEach((name, index) => {
    add('directory', `user-${pad(index)}`, {
      kind: 'user',
      name,
      email: `${name.toLowerCase().replace(' ', '.')}@harbour.example`,
      role: index === 1 ? 'manager' : index === 2 ? 'admin' : 'rep',
      active: true,
    });
  });
  wares.forEach((name, index) => {
    add('products', `product-${index}`, {
      name,
      code: `RB-${100 + index * 7}`,
      family: name.slice(0, 2) === 'GX' ? 'GX' : name.slice(0, 2) === 'MX' ? 'MX' : 'Other',
      price: usd(whole(40, 5_400)),
      active: index !== 3,
    });
  });
}
