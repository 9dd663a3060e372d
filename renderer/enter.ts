import { call } from './bridge.ts';
import { instant } from './format.ts';
import { watchCounts } from './state/counts.ts';
import { watchDirectory } from './state/directory.ts';
import { forgetLists } from './state/lists.ts';
import { resetRouter, useRouter } from './state/router.ts';
import { dismissToast, showTrouble } from './state/toasts.ts';
import type { ViewSource } from './state/ViewSource.ts';
import { acquireView, releaseView } from './state/viewCache.ts';
import { defaultSort } from './views/list/layout.ts';

/** The workplace is drawn without its rows when they take longer than this, milliseconds. */
const PATIENCE_MS = 300;
/** More rows than the tallest screen shows. */
const FIRST_ROWS = 60;

/**
 * The records were opened: asks for what every screen reads and for the rows of the first list, so that the workplace
 * is drawn once, with its rows, and not first with their places.
 * `leave` forgets all that was open.
 */
export function enterWorkplace(): { readonly prepared: Promise<void>; readonly leave: () => void } {
  const prepared = firstRows();
  void prepared.then(tellGivenUp);
  const stops = [watchCounts(), watchDirectory()];
  return {
    prepared,
    leave: () => {
      for (const stop of stops) stop();
      resetRouter();
      forgetLists();
      dismissToast();
    },
  };
}

/** A backup that was asked for and given up for a lock: nobody was there any more to be told. */
function tellGivenUp(): void {
  call('backups.givenUp').then(
    ({ at }) => {
      if (at === null) return;
      const asked = instant(new Date(at).toISOString());
      showTrouble(
        `The backup that you asked for was given up when Roadbook locked, ${asked}. Make it again in the settings.`,
      );
    },
    // Locked again meanwhile: it is told the next time.
    () => undefined,
  );
}

async function firstRows(): Promise<void> {
  const { route } = useRouter.getState();
  if (route.name !== 'list' || route.view !== undefined) return;
  const { collection } = route;
  const source = acquireView({ collection, filters: [], sort: [...defaultSort(collection)] }, true);
  source.look(0, FIRST_ROWS);
  await settled(source);
  // It stays open for the list that is about to take it.
  releaseView(source, true);
}

/** Rows, a failure, or the end of patience: the screen itself shows which. */
function settled(source: ViewSource): Promise<void> {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      stop();
      done();
    };
    const look = () => {
      if (source.state === 'failed' || (source.state === 'ready' && (source.count === 0 || source.hasRows)))
        end();
    };
    const stop = source.subscribe(look);
    const timer = setTimeout(end, PATIENCE_MS);
    look();
  });
}
