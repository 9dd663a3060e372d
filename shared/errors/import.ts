import type { ErrorEntry } from './entry.ts';

/** Import. */
export const importErrors = {
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
} as const satisfies Record<string, ErrorEntry>;
