/** What a log line may carry. Text that a person typed has no place in it. */
export type LogValue = string | number | boolean | null;
export type LogFields = Readonly<Record<string, unknown>>;

/** Members whose text may be logged, when it looks like a code or an id. Every other text is left out. */
const speakable = new Set([
  'arch',
  'bucket',
  'code',
  'collection',
  'device',
  'errorName',
  'exchange',
  'field',
  'group',
  'id',
  'kind',
  'method',
  'mutation',
  'op',
  'phase',
  'platform',
  'reason',
  'record',
  'state',
  'step',
  'user',
  'version',
]);

const CODE = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Longer runs without a separator are keys, tokens or hashes, never codes. */
const LONG_RUN = /[A-Za-z0-9]{17,}/;

export const REDACTED = '[redacted]';

/**
 * Default deny: numbers, booleans and null pass; text passes only under a known member and only when it looks like a
 * code or an id; everything else, nested values included, is replaced.
 */
export function redact(fields: LogFields): Record<string, LogValue> {
  const out: Record<string, LogValue> = {};
  for (const [member, value] of Object.entries(fields)) out[member] = redactValue(member, value);
  return out;
}

function redactValue(member: string, value: unknown): LogValue {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string') return REDACTED;
  return speakable.has(member) && isCode(value) ? value : REDACTED;
}

function isCode(text: string): boolean {
  return UUID.test(text) || (CODE.test(text) && !LONG_RUN.test(text));
}

/**
 * An error for the log: its class, its code, and where it came from. Never its message, which may quote a record.
 * @returns fields that `redact` lets pass, and stack frames (`function file:line`) without folders
 */
export function describeError(error: unknown): { fields: LogFields; frames: string[] } {
  if (!(error instanceof Error)) return { fields: { errorName: typeof error }, frames: [] };
  const code = (error as { code?: unknown }).code;
  const fields = { errorName: error.name, ...(typeof code === 'string' ? { code } : {}) };
  return { fields, frames: framesOf(error.stack) };
}

const FRAME = /^\s*at (?:(.*?) \()?(?:.*[\\/])?([^\\/]+:\d+:\d+)\)?$/;

function framesOf(stack: string | undefined): string[] {
  const frames: string[] = [];
  for (const line of (stack ?? '').split('\n')) {
    const found = FRAME.exec(line);
    if (found !== null) frames.push(`${found[1] ?? 'anonymous'} ${found[2]}`);
    if (frames.length === 6) break;
  }
  return frames;
}
