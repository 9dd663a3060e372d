import { Check } from 'typebox/value';
import { RoadbookError } from '../../shared/errors.ts';
import { LiveEvent } from '../../shared/sync/wire.ts';
import { EventParser } from './sse.ts';

/** Longer silence than this means that the line is dead: the server speaks at least every 15 seconds. */
export const SILENCE_MS = 45_000;

/**
 * Reads a live stream until it ends, breaks, falls silent, or `signal` fires.
 * @param heard called for each bucket that has moved
 * @throws sync.offline when the line breaks; details.reason has the network's word for it
 */
export async function readLive(
  stream: ReadableStream<Uint8Array>,
  heard: (event: LiveEvent) => void,
  signal: AbortSignal,
  silence: number = SILENCE_MS,
): Promise<void> {
  const parser = new EventParser();
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  // Not left to fetch(), which may have lost its own hold on the signal by now.
  const ended = new Promise<null>((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  try {
    for (;;) {
      const piece = await withinSilence(Promise.race([reader.read().catch(broken), ended]), silence);
      if (piece === null || piece.done) return;
      for (const { event, data } of parser.push(decoder.decode(piece.value, { stream: true }))) {
        const told = event === 'bucket' ? parse(data) : undefined;
        if (Check(LiveEvent, told)) heard(told);
      }
    }
  } finally {
    // The other side may be gone already; there is nothing left to tell it.
    await reader.cancel().catch(() => undefined);
  }
}

/** A server or a network that goes away is no fault of this program. */
function broken(error: unknown): never {
  const { name, message, cause } = error as { name?: unknown; message?: unknown; cause?: { code?: unknown } };
  // Node says it by a code, Chromium by a fixed word; no other text of an error is for a log.
  const word = /^net::\w+$/.exec(String(message))?.[0] ?? name;
  throw new RoadbookError('sync.offline', { reason: String(cause?.code ?? word) }, { cause: error });
}

async function withinSilence<T>(read: Promise<T>, silence: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const quiet = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), silence);
  });
  try {
    return await Promise.race([read, quiet]);
  } finally {
    clearTimeout(timer);
  }
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    // Not an event of this contract.
    return undefined;
  }
}
