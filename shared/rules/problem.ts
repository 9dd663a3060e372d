import { type ErrorCode, type ErrorDetails, RoadbookError } from '../errors.ts';

/** One rule that a record breaks: which field, which rule. */
export interface Problem {
  readonly field: string;
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
}

export function problemError(problem: Problem): RoadbookError {
  return new RoadbookError(problem.code, { ...problem.details, fieldName: problem.field });
}
