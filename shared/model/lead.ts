import { type Entity, title } from './entity.ts';
import { field } from './field.ts';

export const leads: Entity = {
  name: 'leads',
  singular: 'lead',
  label: 'Lead',
  labelPlural: 'Leads',
  version: 1,
  editable: true,
  title: (body) => title.joined('firstName', 'lastName')(body) || title.of('company')(body),
  fields: {
    firstName: field.text('First name', { maxLength: 100, search: { weight: 'title' } }),
    lastName: field.text('Last name', {
      required: true,
      minLength: 1,
      maxLength: 148,
      search: { weight: 'title' },
    }),
    company: field.text('Company', {
      maxLength: 249,
      column: { type: 'text' },
      search: { weight: 'title' },
      listed: true,
    }),
    title: field.text('Title', { maxLength: 150, search: { weight: 'text' } }),
    status: field.choice(
      'Status',
      {
        new: 'New',
        assigned: 'Assigned',
        working: 'Working',
        nurturing: 'Nurturing',
        converted: 'Converted',
        dead: 'Dead',
      },
      { required: true, column: { type: 'key' }, listed: true },
    ),
    rating: field.choice(
      'Rating',
      { hot: 'Hot', warm: 'Warm', cold: 'Cold' },
      { column: { type: 'key' }, listed: true },
    ),
    source: field.text('Source', { maxLength: 100, column: { type: 'text' }, listed: true }),
    amount: field.money('Expected amount', { column: { type: 'number', member: 'minor' }, listed: true }),
    emails: field.emails('E-mail'),
    phones: field.phones('Phone'),
    address: field.address('Address'),
    nextFollowUp: field.date('Next follow-up', { column: { type: 'key' }, listed: true }),
    lastContacted: field.instant('Last contacted', { column: { type: 'key' }, readOnly: true }),
    tags: field.tags('Tags', { search: { weight: 'text' } }),
    description: field.longText('Description', { search: { weight: 'text' } }),
    externalId: field.text('Imported as', { maxLength: 120, merge: 'immutable', readOnly: true }),
  },
};
