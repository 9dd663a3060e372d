import type { EventName, EventPayload, Input, MethodName, Output } from '../../shared/ipc.ts';

/** One function per method of the contract. */
export type Handlers = {
  readonly [M in MethodName]: (input: Input<M>) => Output<M> | Promise<Output<M>>;
};

/** Tells the window something without being asked. */
export type Emit = <E extends EventName>(name: E, payload: EventPayload<E>) => void;
