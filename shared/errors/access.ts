import type { ErrorEntry } from './entry.ts';

/** Who may do what. */
export const accessErrors = {
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
} as const satisfies Record<string, ErrorEntry>;
