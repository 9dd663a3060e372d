import { secretBytes } from '../keys/secret.ts';
import { Channel } from './channel.ts';
import type { OpenOptions } from './contract.ts';

/**
 * Reads every page of a store that is not open, in a thread of its own, and changes nothing.
 * Errors: store.missing, store.not_a_database, store.key_mismatch, store.newer_version, store.went_back,
 * store.damaged, store.failed.
 */
export async function verifyStore(
  options: Pick<OpenOptions, 'file' | 'key' | 'workerUrl' | 'nativeBinding'>,
): Promise<void> {
  const channel = new Channel(options.workerUrl, () => undefined);
  // The thread gets a copy of its own, moved and not copied again, and wipes it.
  const key = secretBytes(options.key);
  const { file, nativeBinding } = options;
  try {
    await channel.request('verify', [{ file, key, nativeBinding }], [key.buffer]);
  } finally {
    await channel.close();
  }
}
