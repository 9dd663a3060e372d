import type { Orders } from '../children/device.ts';
import { child } from './child.ts';

type Reply<T> = { readonly answer: T } | { readonly error: string };

export interface Device {
  readonly pid: number;
  do<Name extends keyof Orders>(name: Name, order: Orders[Name]['order']): Promise<Orders[Name]['answer']>;
  stop(): Promise<void>;
}

/** A device in a process of its own; takes one order at a time. */
export function device(): Device {
  const process = child<Reply<never>>('device');
  return {
    pid: process.pid,
    async do(name, order) {
      const reply = process.next();
      process.send({ name, order });
      const told = await reply;
      if ('error' in told) throw new Error(`The device failed at ${name}: ${told.error}`);
      return told.answer;
    },
    stop: () => process.stop(),
  };
}
