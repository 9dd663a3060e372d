import { type Static, Type } from 'typebox';
import { type Entity, title } from './entity.ts';
import { field } from './field.ts';

export const Stage = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 64 }),
  name: Type.String({ minLength: 1, maxLength: 60 }),
  order: Type.Integer({ minimum: 0 }),
  probability: Type.Integer({ minimum: 0, maximum: 100 }),
  outcome: Type.Union([Type.Literal('open'), Type.Literal('won'), Type.Literal('lost')]),
  /** Work limit: most deals that should stand in this stage; absent = none. */
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
});
export type Stage = Static<typeof Stage>;

/** What the company defines: pipelines with their stages, custom fields, templates. Written by the server. */
export const definitions: Entity = {
  name: 'definitions',
  singular: 'definition',
  label: 'Definition',
  labelPlural: 'Definitions',
  version: 1,
  editable: false,
  title: title.of('name'),
  fields: {
    kind: field.choice(
      'Kind',
      {
        pipeline: 'Pipeline',
        field: 'Field',
        template: 'Template',
        lostReasons: 'Lost reasons',
        company: 'Company',
      },
      { required: true, column: { type: 'key' }, merge: 'immutable' },
    ),
    name: field.text('Name', { required: true, minLength: 1, maxLength: 249 }),
    order: field.integer('Order', { column: { type: 'number' } }),
    /** Of a pipeline. */
    stages: field.items('Stages', Stage),
    /** Of lost reasons. */
    choices: field.tags('Choices'),
    /** Of the company: the currency that new amounts start with. */
    currency: field.text('Currency', { maxLength: 3 }),
    data: field.data('Data', Type.Record(Type.String(), Type.Unknown())),
  },
};
