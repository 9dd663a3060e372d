/**
 * The one catalogue of errors. Every failure that leaves a module carries a code from here, so that logs, screens,
 * API answers and tests speak of the same thing. Codes are stable: they may be added to, never renamed.
 *
 * `message` is one sentence a salesperson understands; `hint` says what to do next. `{name}` marks are filled from
 * `details`. `status` is the HTTP status when the error travels over the API.
 */
export interface ErrorEntry {
  readonly status: number;
  readonly message: string;
  readonly hint: string;
}

export const catalogue = {
  // Keys and store: each of these has its own screen on the device.
  'store.wrong_passphrase': {
    status: 401,
    message: 'That passphrase does not open this device.',
    hint: 'Check capital letters and the keyboard layout, or use your recovery code.',
  },
  'store.wrong_recovery_code': {
    status: 401,
    message: 'That recovery code does not open this device.',
    hint: 'Type the code exactly as printed; it has eight groups of four characters.',
  },
  'store.key_missing': {
    status: 500,
    message: 'The key to your records is missing on this device.',
    hint: 'Put the key file back from a backup of this device. Nothing was deleted; do not set up again over it.',
  },
  'store.key_damaged': {
    status: 500,
    message: 'The key file on this device cannot be read.',
    hint: 'Put the key file back from a backup of this device. Nothing was deleted.',
  },
  'store.key_mismatch': {
    status: 500,
    message: 'The key on this device belongs to other records.',
    hint: 'Put back the key file that was beside these records. Nothing was deleted.',
  },
  'store.newer_version': {
    status: 500,
    message: 'These records were last opened by a newer Roadbook.',
    hint: 'Update Roadbook on this device. Nothing was changed.',
  },
  'store.not_a_database': {
    status: 500,
    message: 'The file that should hold your records is not a Roadbook store.',
    hint: 'Put the file back from a backup, or ask your admin. Nothing was changed.',
  },
  'store.went_back': {
    status: 500,
    message: 'The records on this disk are older than the last time Roadbook ran.',
    hint: 'Someone may have put back an old copy. Restore the newest copy, or ask your admin before you go on.',
  },
  'store.missing': {
    status: 500,
    message: 'The file that held your records is gone.',
    hint: 'Put the file back from a backup of this device. The key was kept.',
  },
  'backup.missing': {
    status: 404,
    message: 'This backup is not there any more.',
    hint: 'Choose another one from the list.',
  },
  'store.exists': {
    status: 409,
    message: 'There are already records on this device.',
    hint: 'Open them with your passphrase or recovery code. Nothing was changed.',
  },
  'store.damaged': {
    status: 500,
    message: 'A part of the stored records is damaged.',
    hint: 'Restore a backup. Roadbook will not show damaged records as if they were whole.',
  },
  'store.disk_full': {
    status: 507,
    message: 'There is no room left on this disk, so the change was not saved.',
    hint: 'Free some space and save again; what you typed is still in the form.',
  },
  'store.read_only': {
    status: 500,
    message: 'Roadbook may not write to its folder.',
    hint: 'Give your account the right to write there, then start again.',
  },
  'store.locked': {
    status: 409,
    message: 'Another program holds the records open.',
    hint: 'Close the other Roadbook window or wait a moment.',
  },
  'store.in_use': {
    status: 409,
    message: 'Roadbook is already running on this profile.',
    hint: 'Switch to the window that is open.',
  },
  'store.closed': { status: 409, message: 'The records are locked.', hint: 'Unlock Roadbook first.' },
  'store.failed': {
    status: 500,
    message: 'The records could not be read or written.',
    hint: 'Try again; if it stays, copy the diagnostics from Help and ask your admin.',
  },
  'key.passphrase_short': {
    status: 422,
    message: 'A passphrase needs at least {min} characters.',
    hint: 'A short sentence is easy to remember and hard to guess.',
  },
  'key.too_many_tries': {
    status: 429,
    message: 'Too many wrong tries. Wait {seconds} seconds.',
    hint: 'Use your recovery code if you have forgotten the passphrase.',
  },
  'key.keychain_changed': {
    status: 409,
    message: 'The keychain of this computer does not open your records any more.',
    hint: 'Type your passphrase. Nothing is lost; the keychain can be given the key anew.',
  },
  'key.keychain_missing': {
    status: 409,
    message: 'This computer has no keychain that protects a key.',
    hint: 'Open Roadbook with your passphrase, or set up a keychain in the system and start Roadbook again.',
  },
  'key.code_not_asked': {
    status: 409,
    message: 'There is no new recovery code to confirm.',
    hint: 'Ask for a new one in the settings. The code that you have still opens this device.',
  },

  // Records and rules.
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

  // Who may do what.
  'auth.bad_credentials': {
    status: 401,
    message: 'E-mail or password is not right.',
    hint: 'Check both, or ask your admin for a new password.',
  },
  'auth.token_expired': {
    status: 401,
    message: 'The session has run out.',
    hint: 'Roadbook renews it by itself.',
  },
  'auth.token_invalid': { status: 401, message: 'This session is not known.', hint: 'Sign in again.' },
  'auth.token_reused': {
    status: 401,
    message: 'This session was ended because its key was used twice.',
    hint: 'Sign in again. Nothing saved on this device is lost.',
  },
  'auth.device_revoked': {
    status: 403,
    message: 'This device may no longer sync.',
    hint: 'Ask your admin. Nothing saved on this device is lost.',
  },
  'auth.person_disabled': {
    status: 403,
    message: 'You may no longer sign in here.',
    hint: 'Ask your admin. Nothing saved on this device is lost.',
  },
  'auth.too_many_tries': {
    status: 429,
    message: 'Too many tries. Wait {seconds} seconds.',
    hint: 'Then try once more with the right password.',
  },
  'auth.required': { status: 401, message: 'Sign in first.', hint: 'Send an access token.' },
  'permission.denied': {
    status: 403,
    message: 'Your role may not {action} {object}.',
    hint: 'Ask a manager or your admin.',
  },
  'permission.out_of_sight': {
    status: 403,
    message: 'This record is not among those that you see any more.',
    hint: 'Your change was kept on the server. Ask your admin to apply it.',
  },
  'permission.tenant': {
    status: 403,
    message: 'That belongs to another company.',
    hint: 'Sign in to the company it belongs to.',
  },
  'quarantine.settled': {
    status: 409,
    message: 'These changes were {state} already.',
    hint: 'Load the list again to see what stands.',
  },

  // Sync.
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

  // Import.
  'import.unreadable': {
    status: 422,
    message: 'The file {file} cannot be read: {reason}.',
    hint: 'Export it again as CSV in UTF-8.',
  },
  'import.missing_file': { status: 422, message: 'The file {file} is missing.', hint: 'Check the folder.' },
  'import.bad_mapping': {
    status: 422,
    message: 'The mapping file is not right: {reason}.',
    hint: 'Compare it with the example in docs.',
  },

  // The server's own data.
  'server.already_running': {
    status: 409,
    message: 'A sync server is already running on {data}.',
    hint: 'Stop it first, then try again. Nothing was changed.',
  },
  'server.data_in_use': {
    status: 409,
    message: 'Another command is working on {data}.',
    hint: 'Wait until it has ended, then try again. Nothing was changed.',
  },
  'server.not_a_backup': {
    status: 422,
    message: '{file} is no backup of a Roadbook server.',
    hint: 'Name the file of a backup. Nothing was changed.',
  },
  'server.database_unavailable': {
    status: 503,
    message: 'The server cannot reach its records right now.',
    hint: 'Nothing is lost: what is saved here is sent as soon as the server is well again.',
  },
  'server.backup_elsewhere': {
    status: 409,
    message: 'This server keeps its records in PostgreSQL, which has backups of its own.',
    hint: 'Back up with pg_dump or continuous archiving, as the page about running the server says.',
  },
  'server.backup_here': {
    status: 409,
    message: 'This server keeps its records in a file and looks after the backups itself.',
    hint: 'Use “backup make” and “backup restore”. Nothing was changed.',
  },

  // Requests in general.
  'request.invalid': {
    status: 400,
    message: 'The request is not right: {reason}.',
    hint: 'Check the named field.',
  },
  'request.too_large': { status: 413, message: 'The request is too large.', hint: 'Send less at once.' },
  'request.not_found': { status: 404, message: 'There is nothing at this address.', hint: 'Check the path.' },
  'request.rate_limited': { status: 429, message: 'Too many requests.', hint: 'Wait {seconds} seconds.' },
  'ipc.unknown_method': {
    status: 404,
    message: 'The window asked for something unknown.',
    hint: 'Update Roadbook.',
  },
  'ipc.bad_sender': {
    status: 403,
    message: 'A page that is not Roadbook asked for data.',
    hint: 'Restart Roadbook.',
  },
  internal: {
    status: 500,
    message: 'Something went wrong inside Roadbook.',
    hint: 'Try again; if it stays, copy the diagnostics from Help and ask your admin.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof catalogue;
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null>>;

/** An error from the catalogue. `details` never hold record values or secrets: they may be logged. */
export class RoadbookError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    super(fill(catalogue[code].message, details), options);
    this.name = 'RoadbookError';
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return catalogue[this.code].status;
  }

  get hint(): string {
    return fill(catalogue[this.code].hint, this.details);
  }
}

/** What crosses a boundary (IPC, HTTP): no stack, no cause. */
export interface PlainError {
  code: ErrorCode;
  message: string;
  hint: string;
  details: ErrorDetails;
}

/** Turns anything thrown into the form that may leave the process; what is not from the catalogue becomes `internal`. */
export function toPlainError(error: unknown): PlainError {
  const known = error instanceof RoadbookError ? error : new RoadbookError('internal');
  return { code: known.code, message: known.message, hint: known.hint, details: known.details };
}

export function fromPlainError(plain: PlainError): RoadbookError {
  return new RoadbookError(isErrorCode(plain.code) ? plain.code : 'internal', plain.details);
}

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(catalogue, code);
}

/** RFC 9457 body for `application/problem+json`. */
export function toProblem(error: RoadbookError, requestId: string) {
  return {
    type: `urn:roadbook:error:${error.code}`,
    title: error.message,
    status: error.status,
    code: error.code,
    hint: error.hint,
    details: error.details,
    requestId,
  };
}

function fill(template: string, details: ErrorDetails): string {
  return template.replace(/\{(\w+)\}/g, (mark, key: string) => String(details[key] ?? mark));
}
