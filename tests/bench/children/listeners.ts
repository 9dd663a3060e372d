// Devices that only listen: live streams of a server, as many as are asked for, in a process of their own.
import { Agent, get } from 'node:http';

export interface ListenOrder {
  readonly url: string;
  /** What each stream is opened with. */
  readonly headers: readonly Readonly<Record<string, string>>[];
}

/** Milliseconds since 1970 at which each stream heard the next event. */
export type Heard = readonly number[];

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
const now = () => performance.timeOrigin + performance.now();
const EVENT = 'event: bucket';

let heard = new Map<number, number>();
let wanted = 0;
let isArmed = false;

function hear(index: number): void {
  if (!isArmed || heard.has(index)) return;
  heard.set(index, now());
  if (heard.size < wanted) return;
  isArmed = false;
  process.send?.([...heard.values()] satisfies Heard);
}

/** Resolves when the server has said where the stream stands. */
function open(url: string, headers: Readonly<Record<string, string>>, index: number): Promise<void> {
  return new Promise((done, fail) => {
    const request = get(url, { agent, headers }, (response) => {
      if (response.statusCode !== 200) {
        fail(new Error(`the stream was answered with ${response.statusCode}`));
        return;
      }
      response.setEncoding('utf8').on('data', (text: string) => {
        if (!text.includes(EVENT)) return;
        done();
        hear(index);
      });
      response.once('error', fail);
    });
    request.once('error', fail);
  });
}

process.on('message', (order: ListenOrder | 'arm') => {
  if (order === 'arm') {
    heard = new Map();
    isArmed = true;
    process.send?.('armed');
    return;
  }
  wanted = order.headers.length;
  Promise.all(order.headers.map((headers, index) => open(order.url, headers, index))).then(
    () => process.send?.('open'),
    (error: unknown) => process.send?.(String(error)),
  );
});
process.once('disconnect', () => process.exit());
process.send?.('ready');
