import { ipcMain, type WebContents } from 'electron';
import { CHANNEL_CALL, CHANNEL_EVENT } from '../../shared/ipc/channel.ts';
import type { Log } from '../shell/log.ts';
import { isOwnUrl } from '../shell/origin.ts';
import type { Emit, Handlers } from './contract.ts';
import type { createDispatch } from './dispatch.ts';

// The only file that imports ipcMain: whatever a page may reach passes through here.

/**
 * Answers the calls of one window's page. A call from a frame, from another window or from an address that is not
 * Roadbook's own is refused before anything of it is read.
 * @returns a function that ends it
 */
export function attachRouter(contents: WebContents, handlers: Promise<Handlers>, log: Log): () => void {
  // The schemas are most of this process's code: they are loaded with the services, not before the window.
  let loaded: Promise<ReturnType<typeof createDispatch>> | undefined;
  const load = () => {
    loaded ??= import('./dispatch.ts').then((module) => module.createDispatch(handlers, log));
    return loaded;
  };
  ipcMain.handle(CHANNEL_CALL, async (event, name: unknown, input: unknown) => {
    // The frame is looked at now: later it may be another one, or gone.
    const frame = event.senderFrame;
    const trusted =
      event.sender === contents &&
      frame !== null &&
      frame !== undefined &&
      frame === contents.mainFrame &&
      isOwnUrl(frame.url);
    const dispatch = await load();
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
