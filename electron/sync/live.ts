import { Check } from 'typebox/value';
import { LiveEvent } from '../../shared/sync/wire.ts';
import { EventParser } from './sse.ts';

/** Longer silence than this means that the line is dead: the server speaks at least every 15 seconds. */
export const SILENCE_MS = 45_000;

/**
 * Reads a live stream until it ends, breaks, falls silent, or `signal` fires.
 * @param heard called for each bucket that has moved
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
      const piece = await withinSilence(Promise.race([reader.read(), ended]), silence);
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
