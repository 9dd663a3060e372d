import type { ErrorEntry } from './entry.ts';

/** Sync. */
export const syncErrors = {
  'sync.offline': {
    status: 503,
    message: 'The sync server cannot be reached.',
    hint: 'Go on working; changes are saved here and sent later.',
  },
  'sync.in_between': {
    status: 503,
    message: 'Something between here and the server answers in its place.',
    hint: 'If this network wants a sign-in, open a browser first. Changes are saved here and sent later.',
  },
  'sync.not_trusted': {
    status: 503,
    message: 'The server could not prove who it is, so nothing was sent.',
    hint: 'Check the date of this computer. If it is right, tell your admin about the certificate: {reason}.',
  },
  'sync.bad_address': {
    status: 422,
    message: 'This is not the address of a Roadbook server.',
    hint: 'Ask your admin for the address, for example https://sync.example.com.',
  },
  'sync.client_too_old': {
    status: 426,
    message: 'This Roadbook is too old for the server.',
    hint: 'Update Roadbook; what is saved here is kept and can still be sent.',
  },
  'sync.epoch_changed': {
    status: 409,
    message: 'The server was restored from a backup.',
    hint: 'Roadbook sends what the server may have lost and starts again by itself.',
  },
  'sync.bad_checkpoint': {
    status: 409,
    message: 'The server does not know this place in the log.',
    hint: 'Roadbook fetches the rows again by itself.',
  },
  'sync.differs': {
    status: 409,
    message: 'Some records here differ from those on the server.',
    hint: 'Roadbook fetched them again without success. Copy the diagnostics from Help and tell your admin.',
  },
  'sync.edits_wait': {
    status: 409,
    message: 'Changes of records that you see no more could not be sent yet.',
    hint: 'They wait here; Roadbook tries again by itself.',
  },
  'sync.unknown_object': {
    status: 422,
    message: 'The server does not know the object “{object}”.',
    hint: 'Update the server.',
  },
  'sync.group_too_large': {
    status: 413,
    message: 'One change touches too many records at once.',
    hint: 'Split it; a group holds at most {max} changes.',
  },
} as const satisfies Record<string, ErrorEntry>;
