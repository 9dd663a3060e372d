import { type Entity, title } from './entity.ts';
import { field } from './field.ts';

export const accounts: Entity = {
  name: 'accounts',
  singular: 'account',
  label: 'Account',
  labelPlural: 'Accounts',
  version: 1,
  editable: true,
  title: title.of('name'),
  fields: {
    name: field.text('Name', { required: true, minLength: 1, maxLength: 249, search: { weight: 'title' } }),
    type: field.choice(
      'Type',
      { customer: 'Customer', prospect: 'Prospect', partner: 'Partner', supplier: 'Supplier' },
      { column: { type: 'key' }, listed: true },
    ),
    industry: field.text('Industry', {
      maxLength: 100,
      column: { type: 'text' },
      search: { weight: 'text' },
      listed: true,
    }),
    website: field.url('Website', { search: { weight: 'text' } }),
    domain: field.text('Domain', { search: { weight: 'text' } }),
    emails: field.emails('E-mail'),
    phones: field.phones('Phone'),
    billing: field.address('Billing address'),
    shipping: field.address('Shipping address'),
    country: field.text('Country', { maxLength: 100, column: { type: 'text' }, listed: true }),
    parent: field.reference('Parent account', 'accounts', { column: { type: 'key' } }),
    employees: field.integer('Employees', { column: { type: 'number' }, listed: true }),
    revenue: field.money('Yearly revenue', { column: { type: 'number', member: 'minor' }, listed: true }),
    founded: field.integer('Founded', { minimum: 1, maximum: 9999 }),
    rating: field.choice('Rating', { hot: 'Hot', warm: 'Warm', cold: 'Cold' }, { column: { type: 'key' } }),
    tags: field.tags('Tags', { search: { weight: 'text' } }),
    description: field.longText('Description', { search: { weight: 'text' } }),
    externalId: field.text('Imported as', { maxLength: 120, merge: 'immutable', readOnly: true }),
  },
};
