import { Compile, type Validator } from 'typebox/compile';
import { type PlainError, RoadbookError, toPlainError } from '../../shared/errors.ts';
import { type CallResult, type MethodName, methods } from '../../shared/ipc.ts';
import type { Log } from '../shell/log.ts';
import type { Handlers } from './contract.ts';

/** Most UTF-16 units of a call's payload as JSON: a long note fits ten times over, a flood does not. */
export const MAX_PAYLOAD = 2_000_000;

export interface Call {
  /** Whether the call came from the main frame of our own window. */
  readonly trusted: boolean;
  readonly name: unknown;
  readonly input: unknown;
}

/**
 * Checks a call and hands it to its handler: sender, name, size, schema, in this order. Errors of the catalogue
 * travel as they are; any other is logged and becomes `internal`.
 */
export function createDispatch(
  handlers: Promise<Handlers>,
  log: Log,
): (call: Call) => Promise<CallResult<unknown>> {
  const validators = new Map<MethodName, Validator>();

  const check = (name: MethodName, input: unknown): void => {
    const known = validators.get(name) ?? (Compile(methods[name].input) as Validator);
    validators.set(name, known);
    if (sizeOf(input) > MAX_PAYLOAD) throw new RoadbookError('request.too_large');
    if (!known.Check(input)) {
      throw new RoadbookError('request.invalid', { reason: `the input of ${name} has the wrong form` });
    }
  };

  return async ({ trusted, name, input }) => {
    try {
      if (!trusted) throw new RoadbookError('ipc.bad_sender');
      if (!isMethod(name)) throw new RoadbookError('ipc.unknown_method');
      check(name, input);
      const handler = (await handlers)[name] as (input: unknown) => unknown;
      return { ok: true, value: await handler(input) };
    } catch (error) {
      return { ok: false, error: report(error, name, log) };
    }
  };
}

function report(error: unknown, name: unknown, log: Log): PlainError {
  const plain = toPlainError(error);
  const method = isMethod(name) ? name : 'unknown';
  if (plain.code === 'internal') log.error('ipc.failed', error, { method });
  // Each lock meets questions of the window that it locks: that is no news, and no fault.
  else if (plain.code !== 'store.closed') log.info('ipc.refused', { method, code: plain.code });
  return plain;
}

function isMethod(name: unknown): name is MethodName {
  return typeof name === 'string' && Object.hasOwn(methods, name);
}

function sizeOf(input: unknown): number {
  try {
    return JSON.stringify(input)?.length ?? 0;
  } catch {
    // Circular or a BigInt: nothing that the contract knows.
    return Number.POSITIVE_INFINITY;
  }
}
