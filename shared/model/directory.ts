import { type Entity, title } from './entity.ts';
import { field } from './field.ts';

/** Users, teams and territories. Written by the server alone; devices read it. */
export const directory: Entity = {
  name: 'directory',
  singular: 'directory entry',
  label: 'Directory entry',
  labelPlural: 'Directory',
  version: 1,
  editable: false,
  title: title.of('name'),
  fields: {
    kind: field.choice(
      'Kind',
      { user: 'User', team: 'Team', territory: 'Territory' },
      { required: true, column: { type: 'key' }, merge: 'immutable' },
    ),
    name: field.text('Name', { required: true, minLength: 1, maxLength: 249, search: { weight: 'title' } }),
    email: field.text('E-mail', { maxLength: 254, search: { weight: 'text' } }),
    role: field.choice(
      'Role',
      { admin: 'Admin', manager: 'Manager', rep: 'Rep', 'read-only': 'Read-only' },
      { column: { type: 'key' } },
    ),
    manager: field.reference('Manager', 'directory', { column: { type: 'key' } }),
    team: field.reference('Team', 'directory', { column: { type: 'key' } }),
    territory: field.reference('Territory', 'directory', { column: { type: 'key' } }),
    parent: field.reference('Parent', 'directory', { column: { type: 'key' } }),
    active: field.boolean('Active', { column: { type: 'number' } }),
  },
};
