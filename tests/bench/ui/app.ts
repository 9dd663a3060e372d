import { join } from 'node:path';
import { type Desktop, launch, runtime } from '../lib/desktop.ts';
import { root } from '../lib/options.ts';
import { PASSWORD, people, type Server } from '../lib/server.ts';

export const PASSPHRASE = 'seven quiet herons cross the bay';
export const PASSPHRASE_INPUT = 'input[type=password]';
export const LIST_ROW = '[role=row][data-id]';

/** The built app on a profile of its own. */
export function startApp(profile: string, server: string, args: readonly string[] = []): Promise<Desktop> {
  const { nativeBinding } = runtime();
  return launch(root, args, {
    ROADBOOK_PROFILE: profile,
    ROADBOOK_SERVER: server,
    ...(nativeBinding === null ? {} : { ROADBOOK_SQLITE_BINDING: nativeBinding }),
  });
}

/** The least that this Electron can do, with the same flags. */
export function startEmpty(profile: string, page = 'empty.html'): Promise<Desktop> {
  return launch(join(root, 'tests', 'bench', 'empty-app'), [
    `--bench-profile=${profile}`,
    `--bench-page=${page}`,
  ]);
}

/** Calls a method of the main process through the window's own bridge. */
export async function call(desktop: Desktop, name: string, input: object): Promise<unknown> {
  const expression = `window.roadbook.call(${JSON.stringify(name)}, ${JSON.stringify(input)})`;
  const answer = (await desktop.page.evaluate(expression)) as
    | { ok: true; value: unknown }
    | { ok: false; error: { code: string } };
  if (!answer.ok) throw new Error(`${name}: ${answer.error.code}`);
  return answer.value;
}

interface Status {
  readonly verifiedAt: string | null;
  readonly progress: { readonly done: boolean; readonly searchReady: boolean } | null;
  readonly error: { readonly code: string } | null;
}

/** Signs in, makes keys and store, and waits until every row and every word is here. */
export async function firstSync(desktop: Desktop, server: Server): Promise<{ millis: number }> {
  await desktop.page.shownAt('#root *');
  const { email } = people.anna;
  await call(desktop, 'app.signIn', { server: server.url, email, password: PASSWORD });
  await call(desktop, 'app.createPassphrase', { passphrase: PASSPHRASE });
  const start = performance.now();
  await call(desktop, 'app.confirmRecovery', {});
  for (;;) {
    const status = (await call(desktop, 'sync.status', {})) as Status;
    if (status.error) throw new Error(`The first sync failed: ${status.error.code}`);
    if (status.verifiedAt !== null && status.progress?.searchReady !== false) break;
    await new Promise((done) => setTimeout(done, 100));
  }
  const millis = performance.now() - start;
  await call(desktop, 'app.startWorking', {});
  return { millis };
}

export interface ColdStart {
  readonly window: number;
  readonly unlock: number;
  readonly list: number;
}

/**
 * Launch to a painted window, to the unlock screen, and to the first list with rows. The script types at once; what it
 * takes to type is the person's time and not part of the last figure.
 */
export async function coldStart(desktop: Desktop): Promise<ColdStart> {
  const { page, startedAt } = desktop;
  const unlock = await page.shownAt(PASSPHRASE_INPUT);
  const window = await page.firstPaintAt();
  await page.evaluate(`document.querySelector(${JSON.stringify(PASSPHRASE_INPUT)}).focus()`);
  await page.type(PASSPHRASE);
  const typed = Date.now();
  await page.press('Enter');
  const list = await page.shownAt(LIST_ROW);
  return {
    window: window - startedAt,
    unlock: unlock - startedAt,
    list: unlock - startedAt + (list - typed),
  };
}
