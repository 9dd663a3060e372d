import type { WebContents } from 'electron';
import type { Log } from './log.ts';

/** A page that dies more often than this within a minute is left alone: something is wrong for good. */
const MOST_A_MINUTE = 3;

/** Loads the page again after its process died. The records are open in the main process; drafts are on disk. */
export function reviveWindow(contents: WebContents, log: Log, now: () => number = Date.now): void {
  let deaths: number[] = [];
  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    log.warn('window.gone', { reason, exitCode });
    if (reason === 'clean-exit') return;
    const at = now();
    deaths = [...deaths.filter((death) => at - death < 60_000), at];
    if (deaths.length <= MOST_A_MINUTE) contents.reload();
  });
}
