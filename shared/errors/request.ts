import type { ErrorEntry } from './entry.ts';

/** Requests in general. */
export const requestErrors = {
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
