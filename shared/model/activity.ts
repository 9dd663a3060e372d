import { Type } from 'typebox';
import { type Entity, title } from './entity.ts';
import { field, schemas } from './field.ts';

const Link = Type.Object({
  id: schemas.Id,
  collection: Type.String({ maxLength: 32 }),
  record: schemas.Id,
});

/** Tasks, calls, meetings, visits, mails and notes: everything that happens around a record. */
export const activities: Entity = {
  name: 'activities',
  singular: 'activity',
  label: 'Activity',
  labelPlural: 'Activities',
  version: 1,
  editable: true,
  title: (body) => title.of('subject')(body) || firstLine(body.text),
  fields: {
    type: field.choice(
      'Type',
      { task: 'Task', call: 'Call', meeting: 'Meeting', visit: 'Visit', email: 'Mail', note: 'Note' },
      { required: true, column: { type: 'key' }, merge: 'immutable', listed: true },
    ),
    subject: field.text('Subject', { maxLength: 249, search: { weight: 'title' } }),
    text: field.longText('Text', { search: { weight: 'text' } }),
    /** The record this belongs to first; further ones are in `links`. */
    regarding: field.reference('Regarding', '*', { column: { type: 'key' }, listed: true }),
    regardingCollection: field.text('Regarding object', { maxLength: 32, readOnly: true }),
    links: field.items('Also on', Link),
    status: field.choice(
      'Status',
      { open: 'Open', done: 'Done', cancelled: 'Cancelled' },
      { column: { type: 'key' }, listed: true },
    ),
    priority: field.choice(
      'Priority',
      { high: 'High', normal: 'Normal', low: 'Low' },
      { column: { type: 'key' } },
    ),
    dueOn: field.date('Due', { column: { type: 'key' }, listed: true }),
    startAt: field.instant('Start', { column: { type: 'key' } }),
    endAt: field.instant('End'),
    zone: field.text('Time zone', { maxLength: 64 }),
    direction: field.choice('Direction', { in: 'Incoming', out: 'Outgoing' }),
    outcome: field.text('Outcome', { maxLength: 200 }),
    checkIn: field.address('Check-in place'),
    attendees: field.tags('Attendees'),
  },
};

function firstLine(text: unknown): string {
  return typeof text === 'string' ? (text.split('\n', 1)[0] ?? '').slice(0, 120) : '';
}
