import { fromPlainError, RoadbookError } from '../shared/errors.ts';
import type { Bridge, EventName, EventPayload, Input, MethodName, Output } from '../shared/ipc.ts';

declare global {
  interface Window {
    readonly roadbook?: Bridge;
  }
}

/**
 * Asks the main process. The only way out of the window.
 * @throws RoadbookError with the code that the main process gave, `internal` where it gave none
 */
export async function call<M extends MethodName>(
  name: M,
  ...[input]: Record<never, never> extends Input<M> ? [input?: Input<M>] : [input: Input<M>]
): Promise<Output<M>> {
  // An empty input is allowed exactly where the type above lets it be left out.
  const answer = await bridge().call(name, (input ?? {}) as Input<M>);
  if (answer.ok) return answer.value;
  throw fromPlainError(answer.error);
}

/** Listens to what the main process tells without being asked; answers with the way to stop. */
export function on<E extends EventName>(name: E, listener: (payload: EventPayload<E>) => void): () => void {
  return bridge().on(name, listener);
}

/** What anything thrown is to a person: an error from the catalogue. */
export function asRoadbookError(error: unknown): RoadbookError {
  return error instanceof RoadbookError ? error : new RoadbookError('internal', {}, { cause: error });
}

function bridge(): Bridge {
  if (window.roadbook === undefined) throw new RoadbookError('internal');
  return window.roadbook;
}
