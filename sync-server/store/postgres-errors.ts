import { RoadbookError } from '../../shared/errors.ts';

/** Seconds after which a device may ask again. */
const ASK_AGAIN = 5;

/** Codes of PostgreSQL that say nothing about the statement: the same one may succeed a moment later. */
const PASSING = new Set([
  '25006', // a standby, which has not taken over yet
  '25P03', // idle in a transaction for too long
  '55P03', // waited too long for a lock
  '57014', // ran too long
  '57P01', // ended by its admin
  '57P02', // another process crashed
  '57P03', // starting or stopping
]);
/** Classes: connection, resources (too many connections, no memory, no disk). */
const PASSING_CLASSES = new Set(['08', '53']);

/** What the system says of a network that does not reach the database. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
]);

/** The driver has no codes for these. */
const LOST =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Client was closed|Cannot use a pool after)/;

/** Two transactions stood in each other's way and this one was undone as a whole: it may simply be done again. */
export function mayRunAgain(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40001' || code === '40P01';
}

/** The error as it leaves the store: a database that is away is told from a statement that is wrong. */
export function translated(error: unknown): unknown {
  if (error instanceof RoadbookError) return error;
  const code = codeOf(error);
  const passing =
    PASSING.has(code) ||
    PASSING_CLASSES.has(code.length === 5 ? code.slice(0, 2) : '') ||
    UNREACHABLE.has(code) ||
    (error instanceof Error && LOST.test(error.message));
  return passing ? unavailable(error) : error;
}

export function unavailable(cause: unknown): RoadbookError {
  return new RoadbookError('server.database_unavailable', { seconds: ASK_AGAIN }, { cause });
}

export function isUnavailable(error: unknown): boolean {
  return error instanceof RoadbookError && error.code === 'server.database_unavailable';
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
