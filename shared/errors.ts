import { accessErrors } from './errors/access.ts';
import type { ErrorEntry } from './errors/entry.ts';
import { importErrors } from './errors/import.ts';
import { recordsErrors } from './errors/records.ts';
import { requestErrors } from './errors/request.ts';
import { serverErrors } from './errors/server.ts';
import { storeErrors } from './errors/store.ts';
import { syncErrors } from './errors/sync.ts';

export type { ErrorEntry };

/**
 * The one catalogue of errors. Every failure that leaves a module carries a code from here, so that logs, screens,
 * API answers and tests speak of the same thing. Codes are stable: they may be added to, never renamed.
 *
 * `message` is one sentence a salesperson understands; `hint` says what to do next. `{name}` marks are filled from
 * `details`. `status` is the HTTP status when the error travels over the API.
 */
export const catalogue = {
  ...storeErrors,
  ...recordsErrors,
  ...accessErrors,
  ...syncErrors,
  ...importErrors,
  ...serverErrors,
  ...requestErrors,
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
