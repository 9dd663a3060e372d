import { type Static, Type } from 'typebox';
import { type Entity, title } from './entity.ts';
import { field, schemas } from './field.ts';

/** One side of a conflict: the value, who set it (user id), where (name of the device) and when. */
export const Side = Type.Object({
  value: Type.Unknown(),
  user: Type.String(),
  device: Type.String(),
  at: schemas.Instant,
  offline: Type.Optional(Type.Boolean()),
});
export type Side = Static<typeof Side>;

/**
 * What needs a person: two values of an "ask" field (made by the server, for the owner of the record), or a change
 * that a rule refused (made on the device that sent it).
 */
export const inbox: Entity = {
  name: 'inbox',
  singular: 'inbox item',
  label: 'Inbox item',
  labelPlural: 'Inbox',
  version: 1,
  editable: true,
  title: title.of('subject'),
  fields: {
    kind: field.choice(
      'Kind',
      { conflict: 'Conflict', refusal: 'Refusal' },
      { required: true, merge: 'immutable', column: { type: 'key' } },
    ),
    /** Title of the record at that time. */
    subject: field.text('Record', { required: true, maxLength: 249, readOnly: true }),
    collection: field.text('Object', { maxLength: 32, readOnly: true }),
    record: field.reference('Record id', '*', { column: { type: 'key' }, readOnly: true }),
    field: field.text('Field', { maxLength: 64, readOnly: true }),
    base: field.data('Both started from', Type.Unknown(), { readOnly: true }),
    /** The value that stands. */
    server: field.data('On the server', Side, { readOnly: true }),
    /** The value that was kept. */
    device: field.data('From the device', Side, { readOnly: true }),
    code: field.text('Reason code', { maxLength: 64, readOnly: true }),
    reason: field.text('Reason', { maxLength: 500, readOnly: true }),
    status: field.choice(
      'Status',
      { open: 'Open', resolved: 'Resolved' },
      { required: true, column: { type: 'key' } },
    ),
    /** What was chosen, the fields that it set, and what they held before, so that it can be taken back. */
    resolution: field.data(
      'Resolution',
      Type.Object({
        choice: Type.String(),
        value: Type.Unknown(),
        before: Type.Optional(Type.Unknown()),
      }),
    ),
    at: field.instant('Since', { column: { type: 'key' }, readOnly: true }),
  },
};
