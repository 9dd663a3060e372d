import { pathToFileURL } from 'node:url';

/** Names the bundle of the store's thread that a test run has made for itself and what it starts. */
export const BUNDLE = 'ROADBOOK_STORE_THREAD';

const bundle = process.env[BUNDLE];
/** The store's thread as the app carries it: one file; its source where nothing was bundled. */
export const workerUrl =
  bundle === undefined ? new URL('../../electron/store/worker.ts', import.meta.url) : pathToFileURL(bundle);
