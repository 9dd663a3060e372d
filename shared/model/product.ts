import { Type } from 'typebox';
import { type Entity, title } from './entity.ts';
import { field, Money, schemas } from './field.ts';

const Price = Type.Object({ id: schemas.Id, price: Money });

export const products: Entity = {
  name: 'products',
  singular: 'product',
  label: 'Product',
  labelPlural: 'Products',
  version: 1,
  editable: true,
  title: title.of('name'),
  fields: {
    name: field.text('Name', { required: true, minLength: 1, maxLength: 249, search: { weight: 'title' } }),
    code: field.text('Code', {
      maxLength: 60,
      column: { type: 'text' },
      search: { weight: 'title' },
      listed: true,
    }),
    family: field.text('Family', { maxLength: 100, column: { type: 'text' }, listed: true }),
    price: field.money('Unit price', { column: { type: 'number', member: 'minor' }, listed: true }),
    cost: field.money('Unit cost'),
    otherPrices: field.items('Other prices', Price),
    active: field.boolean('Active', { column: { type: 'number' }, listed: true }),
    description: field.longText('Description', { search: { weight: 'text' } }),
    externalId: field.text('Imported as', { maxLength: 120, merge: 'immutable', readOnly: true }),
  },
};
