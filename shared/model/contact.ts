import { Type } from 'typebox';
import { type Entity, title } from './entity.ts';
import { field, schemas } from './field.ts';

const Role = Type.Object({
  id: schemas.Id,
  account: schemas.Id,
  role: Type.Optional(Type.String({ maxLength: 100 })),
});

export const contacts: Entity = {
  name: 'contacts',
  singular: 'contact',
  label: 'Contact',
  labelPlural: 'Contacts',
  version: 1,
  editable: true,
  title: title.joined('firstName', 'lastName'),
  fields: {
    salutation: field.text('Salutation', { maxLength: 30 }),
    firstName: field.text('First name', { maxLength: 100, search: { weight: 'title' } }),
    lastName: field.text('Last name', {
      required: true,
      minLength: 1,
      maxLength: 148,
      column: { type: 'text' },
      search: { weight: 'title' },
    }),
    title: field.text('Title', {
      maxLength: 150,
      column: { type: 'text' },
      search: { weight: 'text' },
      listed: true,
    }),
    account: field.reference('Account', 'accounts', { column: { type: 'key' }, listed: true }),
    otherAccounts: field.items('Other accounts', Role),
    emails: field.emails('E-mail', { listed: true }),
    phones: field.phones('Phone', { listed: true }),
    doNotCall: field.boolean('Do not call', { column: { type: 'number' } }),
    address: field.address('Address'),
    city: field.text('City', { maxLength: 100, column: { type: 'text' } }),
    tags: field.tags('Tags', { search: { weight: 'text' } }),
    description: field.longText('Description', { search: { weight: 'text' } }),
    externalId: field.text('Imported as', { maxLength: 120, merge: 'immutable', readOnly: true }),
  },
};
