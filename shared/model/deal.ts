import { Type } from 'typebox';
import { type Entity, title } from './entity.ts';
import { field, Money, schemas } from './field.ts';

const DealContact = Type.Object({
  id: schemas.Id,
  contact: schemas.Id,
  role: Type.Optional(Type.String({ maxLength: 100 })),
});

const LineItem = Type.Object({
  id: schemas.Id,
  product: schemas.Id,
  quantity: Type.Integer({ minimum: 1 }),
  unitPrice: Money,
  discountPercent: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
  discountFixed: Type.Optional(Money),
});

export const deals: Entity = {
  name: 'deals',
  singular: 'deal',
  label: 'Deal',
  labelPlural: 'Deals',
  version: 1,
  editable: true,
  title: title.of('name'),
  fields: {
    name: field.text('Name', { required: true, minLength: 1, maxLength: 249, search: { weight: 'title' } }),
    account: field.reference('Account', 'accounts', { column: { type: 'key' }, listed: true }),
    pipeline: field.reference('Pipeline', 'definitions', {
      required: true,
      column: { type: 'key' },
      merge: 'ask',
    }),
    stage: field.openChoice('Stage', { required: true, merge: 'ask', column: { type: 'key' }, listed: true }),
    // People agree on amounts: two that differ are never settled by a clock.
    amount: field.money('Amount', {
      merge: 'ask',
      column: { type: 'number', member: 'minor' },
      listed: true,
    }),
    probability: field.percent('Probability', { column: { type: 'number' }, listed: true }),
    closeDate: field.date('Close date', { column: { type: 'key' }, listed: true }),
    forecast: field.choice(
      'Forecast',
      { pipeline: 'Pipeline', best: 'Best case', commit: 'Commit', omitted: 'Omitted' },
      { column: { type: 'key' } },
    ),
    nextStep: field.text('Next step', { maxLength: 500, search: { weight: 'text' } }),
    source: field.text('Lead source', { maxLength: 100 }),
    competitor: field.text('Competitor', { maxLength: 200, search: { weight: 'text' } }),
    lostReason: field.text('Lost reason', { maxLength: 200 }),
    product: field.reference('Product', 'products', { column: { type: 'key' } }),
    contacts: field.items('Contacts', DealContact),
    lineItems: field.items('Line items', LineItem),
    openedOn: field.date('Opened on', { column: { type: 'key' } }),
    stageEnteredAt: field.instant('In stage since', { merge: 'computed', readOnly: true }),
    tags: field.tags('Tags', { search: { weight: 'text' } }),
    description: field.longText('Description', { search: { weight: 'text' } }),
    externalId: field.text('Imported as', {
      maxLength: 120,
      merge: 'immutable',
      readOnly: true,
      search: { weight: 'text' },
    }),
  },
};
