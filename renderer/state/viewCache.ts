import type { ViewRequest } from '../../shared/ipc.ts';
import { ViewSource } from './ViewSource.ts';

interface Entry {
  readonly source: ViewSource;
  users: number;
}

/** Views that nobody shows stay open for a while: the way back to a list, and previous/next on a record page. */
const MAX_IDLE = 8;
const entries = new Map<string, Entry>();

/** The open view of that request, opened if there is none. Give it back with `releaseView`. */
export function acquireView(request: ViewRequest, summary: boolean): ViewSource {
  const key = keyOf(request, summary);
  let entry = entries.get(key);
  if (entry !== undefined && entry.source.state === 'failed' && entry.users === 0) {
    entry.source.close();
    entry = undefined;
  }
  entry ??= { source: new ViewSource(request, { summary }), users: 0 };
  entry.users += 1;
  // Re-inserting keeps the map in the order of use.
  entries.delete(key);
  entries.set(key, entry);
  return entry.source;
}

/** @param goesOn it is about to be taken again: it goes on opening */
export function releaseView(source: ViewSource, goesOn = false): void {
  for (const [key, entry] of entries) {
    if (entry.source !== source) continue;
    entry.users -= 1;
    // Nobody waits for it any more: sorting a million rows for nothing would keep others waiting.
    if (entry.users <= 0 && source.state === 'opening' && !goesOn) {
      source.close();
      entries.delete(key);
    }
  }
  let idle = [...entries.values()].filter((entry) => entry.users <= 0).length;
  for (const [key, entry] of entries) {
    if (idle <= MAX_IDLE) return;
    if (entry.users > 0) continue;
    entry.source.close();
    entries.delete(key);
    idle -= 1;
  }
}

/** The open view of that request if its first rows are here already: a list that comes back is drawn at once. */
export function readyView(request: ViewRequest, summary: boolean): ViewSource | null {
  const source = entries.get(keyOf(request, summary))?.source;
  return source?.state === 'ready' && (source.count === 0 || source.hasRows) ? source : null;
}

/** After locking no row stays in memory. */
export function closeViews(): void {
  for (const { source } of entries.values()) source.close();
  entries.clear();
}

function keyOf(request: ViewRequest, summary: boolean): string {
  return `${summary} ${JSON.stringify(request)}`;
}
