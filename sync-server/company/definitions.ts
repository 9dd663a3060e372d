import type { Stage } from '../../shared/model/index.ts';
import { defaultStages } from '../../shared/rules/stages.ts';
import { uuidv5 } from '../../shared/sync/ids.ts';
import type { Wanted } from '../store/bulk.ts';

export const lostReasons = [
  'Price',
  'No budget',
  'No decision',
  'Chose a competitor',
  'Missing feature',
  'Bad timing',
];

/** The same key under the same company always gives the same id. */
export function companyId(tenant: string, key: string): string {
  return uuidv5(tenant, key);
}

export function pipelineOf(tenant: string, key: string, name: string, stages: readonly Stage[]): Wanted {
  return {
    collection: 'definitions',
    id: companyId(tenant, `pipeline\n${key}`),
    body: {
      kind: 'pipeline',
      name,
      order: 0,
      stages: stages.map((stage) => ({ ...stage })),
    },
  };
}

export function defaultPipeline(tenant: string): Wanted {
  return pipelineOf(tenant, 'default', 'Field sales', defaultStages);
}

/** What every company starts with: its currency and the reasons for which deals are lost. */
export function basicDefinitions(tenant: string, company: string, currency: string): Wanted[] {
  return [
    {
      collection: 'definitions',
      id: companyId(tenant, 'company'),
      body: { kind: 'company', name: company, currency },
    },
    {
      collection: 'definitions',
      id: companyId(tenant, 'lost-reasons'),
      body: { kind: 'lostReasons', name: 'Lost reasons', choices: lostReasons },
    },
  ];
}
