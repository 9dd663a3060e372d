import type { Session, WebContents } from 'electron';
import type { Log } from './log.ts';
import { isOwnUrl } from './origin.ts';

/**
 * Takes from a session everything that a window of Roadbook does not need: every permission, every device, every
 * download, and the network. Sync runs in the main process.
 */
export function hardenSession(session: Session, log: Log): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    log.warn('window.permission_denied', { kind: permission });
    answer(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isAllowedRequest(details.url) }));
}

/** Only Roadbook's own pages; the inspector's pages exist only where the inspector does. */
export function isAllowedRequest(address: string): boolean {
  return isOwnUrl(address) || (URL.canParse(address) && new URL(address).protocol === 'devtools:');
}

/** A window shows Roadbook's start page and nothing else, and opens nothing. */
export function hardenContents(contents: WebContents, log: Log): void {
  const refuse = (kind: string) => (event: { preventDefault(): void }) => {
    event.preventDefault();
    log.warn('window.navigation_denied', { kind });
  };
  contents.on('will-navigate', refuse('navigate'));
  contents.on('will-frame-navigate', (event) => {
    if (!isOwnUrl(event.url)) refuse('frame')(event);
  });
  contents.on('will-redirect', refuse('redirect'));
  contents.on('will-attach-webview', refuse('webview'));
  contents.setWindowOpenHandler(() => {
    log.warn('window.navigation_denied', { kind: 'open' });
    return { action: 'deny' };
  });
}
