import type { ErrorEntry } from './entry.ts';

/** The server's own data. */
export const serverErrors = {
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
} as const satisfies Record<string, ErrorEntry>;
