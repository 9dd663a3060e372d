import { ipcMain, type WebContents } from 'electron';
import { CHANNEL_CALL, CHANNEL_EVENT } from '../../shared/ipc.ts';
import type { Log } from '../shell/log.ts';
import { isOwnUrl } from '../shell/origin.ts';
import type { Emit, Handlers } from './contract.ts';
import { createDispatch } from './dispatch.ts';

// The only file that imports ipcMain: whatever a page may reach passes through here.

/**
 * Answers the calls of one window's page. A call from a frame, from another window or from an address that is not
 * Roadbook's own is refused before anything of it is read.
 * @returns a function that ends it
 */
export function attachRouter(contents: WebContents, handlers: Promise<Handlers>, log: Log): () => void {
  const dispatch = createDispatch(handlers, log);
  ipcMain.handle(CHANNEL_CALL, (event, name: unknown, input: unknown) => {
    const frame = event.senderFrame;
    const trusted =
      event.sender === contents &&
      frame !== null &&
      frame !== undefined &&
      frame === contents.mainFrame &&
      isOwnUrl(frame.url);
    return dispatch({ trusted, name, input });
  });
  return () => ipcMain.removeHandler(CHANNEL_CALL);
}

/** Sends events to one window for as long as it exists. */
export function emitTo(contents: WebContents): Emit {
  return (name, payload) => {
    if (!contents.isDestroyed()) contents.send(CHANNEL_EVENT, name, payload);
  };
}
