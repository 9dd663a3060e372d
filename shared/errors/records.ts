import type { ErrorEntry } from './entry.ts';

/** Records and rules. */
export const recordsErrors = {
  'record.not_found': {
    status: 404,
    message: 'This record is not here.',
    hint: 'It may have been deleted or moved out of your territory.',
  },
  'record.taken': {
    status: 409,
    message: 'This form was saved as another record before.',
    hint: 'Save again: it then makes a record of its own.',
  },
  'record.invalid': {
    status: 422,
    message: '{field} is not right: {reason}.',
    hint: 'Mend the marked field and save again.',
  },
  'record.read_only': {
    status: 403,
    message: '{object} cannot be changed here.',
    hint: 'Ask your admin if it needs to change.',
  },
  'record.changed': {
    status: 409,
    message: 'Somebody else changed this record after you last saw it.',
    hint: 'Look at it again, then delete it if you still want to.',
  },
  'record.deleted': {
    status: 409,
    message: 'This record was deleted.',
    hint: 'Restore it first if you still need it.',
  },
  'stage.amount_required': {
    status: 422,
    message: 'A won deal needs an amount.',
    hint: 'Enter the amount, then move the deal.',
  },
  'stage.close_date_required': {
    status: 422,
    message: 'A won deal needs a close date.',
    hint: 'Enter the close date, then move the deal.',
  },
  'stage.lost_reason_required': {
    status: 422,
    message: 'A lost deal needs a lost reason.',
    hint: 'Choose why it was lost, then move the deal.',
  },
  'stage.unknown': {
    status: 422,
    message: 'This pipeline has no stage “{stage}”.',
    hint: 'Choose one of the stages of the pipeline.',
  },
  'integrity.reference': {
    status: 422,
    message: '{field} points to a record that does not exist.',
    hint: 'Choose an existing record.',
  },
  'integrity.cycle': {
    status: 422,
    message: '{field} would make a circle.',
    hint: 'Choose a record that is not below this one.',
  },
} as const satisfies Record<string, ErrorEntry>;
