import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  app,
  type BrowserWindow,
  clipboard,
  Menu,
  nativeTheme,
  powerMonitor,
  protocol,
  session,
  shell,
} from 'electron';
import { attachRouter, emitTo } from './ipc/router.ts';
import { profileFiles } from './records/profile.ts';
import type { Services } from './services.ts';
import { serveAsset } from './shell/assets.ts';
import { readFlags } from './shell/flags.ts';
import { watchIdle } from './shell/idle-lock.ts';
import { type Log, openLog } from './shell/log.ts';
import { buildMenu } from './shell/menu.ts';
import { SCHEME } from './shell/origin.ts';
import { remember } from './shell/remember.ts';
import { reviveWindow } from './shell/revive.ts';
import { hardenContents, hardenSession } from './shell/security.ts';
import { createWindow, loadStart } from './shell/window.ts';
import { prepareThread } from './store/channel.ts';

// A terminal that was closed takes no more lines; without a listener each of them would be an error to report.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

// Everything that must be said before Electron is ready: sandbox, scheme, profile, one instance.
const flags = readFlags({
  env: process.env,
  napi: process.versions.napi,
  resourcesPath: process.resourcesPath,
  packaged: app.isPackaged,
  join,
});
const here = dirname(fileURLToPath(import.meta.url));
const workerUrl = new URL('./worker.js', import.meta.url);
// Chromium refuses to sandbox what root starts; whoever says --no-sandbox (tests in a container) has decided so.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
// The window's process has no network: no name resolves there. Sync runs in Node.
app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
app.commandLine.appendSwitch('disable-background-networking');
app.commandLine.appendSwitch('disable-component-update');
// A crash dump would hold the memory of an unlocked store.
app.commandLine.appendSwitch('disable-breakpad');
protocol.registerSchemesAsPrivileged([
  { scheme: SCHEME, privileges: { standard: true, secure: true, codeCache: true } },
]);
if (flags.profile !== undefined) {
  mkdirSync(flags.profile, { recursive: true });
  app.setPath('userData', flags.profile);
}

if (app.requestSingleInstanceLock()) {
  // A thread takes 100 ms to come up. There are records here, and a core that has nothing to do yet.
  if (existsSync(profileFiles(app.getPath('userData')).keys)) prepareThread(workerUrl, flags.sqliteBinding);
  // Not awaited: Electron becomes ready only after this module has run to its end.
  app.whenReady().then(start, fail);
} else {
  app.quit();
}

function fail(error: unknown): void {
  console.error('Roadbook could not start.', error);
  app.exit(1);
}

function start(): void {
  const profile = app.getPath('userData');
  const logs = join(profile, 'logs');
  const log = openLog(logs, { echo: !app.isPackaged });
  log.info('app.started', { version: app.getVersion(), platform: process.platform, millis: sinceStart() });
  process.on('uncaughtException', (error) => log.error('app.uncaught', error));
  process.on('unhandledRejection', (error) => log.error('app.unhandled', error));

  const stateFile = join(profile, 'window.json');
  const look = remember(stateFile, log);
  nativeTheme.themeSource = look.state.theme;

  const own = session.fromPartition('persist:roadbook', { cache: false });
  hardenSession(own, log);
  const scripts = pageScripts();
  own.protocol.handle(SCHEME, (request) => {
    const answer = serveAsset(request, join(here, '..', 'renderer'));
    scripts.served(request.url);
    return answer;
  });
  app.on('web-contents-created', (_event, contents) => hardenContents(contents, log));

  const window = createWindow({
    session: own,
    preload: join(here, '..', 'preload.cjs'),
    state: look.state,
    devTools: !app.isPackaged,
    moved: look.moved,
  });
  window.once('show', () => log.info('window.shown', { millis: sinceStart() }));
  const emit = emitTo(window.webContents);
  loadStart(window).catch((error: unknown) => log.error('window.load_failed', error));
  // The page's process comes up meanwhile. Node loads its fetch when it is first touched, 25 ms before the first answer.
  void new Response();
  // The parts that the page will ask for are loaded while it is read: sooner, its files would wait for them.
  const services = scripts.first
    .then(() => import('./services.ts'))
    .then(({ startServices }) =>
      startServices({
        profile,
        server: flags.server,
        sqliteBinding: flags.sqliteBinding,
        workerUrl,
        version: app.getVersion(),
        logs,
        log,
        emit,
        preferences: look.preferences,
        clearWindow: () => window.webContents.reload(),
        emptyWindow: async () => {
          const { webContents } = window;
          // A page that is loaded anew has nothing open in what is taken away then.
          await new Promise<void>((resolve) => {
            webContents.once('did-stop-loading', resolve);
            setTimeout(resolve, PAGE_MS);
            webContents.reload();
          });
          await own.clearStorageData();
        },
        resolveProxy: (url) => own.resolveProxy(url),
        openFolder: async (folder) => {
          await shell.openPath(folder);
        },
        copyText: (text) => clipboard.writeText(text),
      }),
    );
  services.catch((error: unknown) => log.error('app.services_failed', error));
  const detach = attachRouter(
    window.webContents,
    services.then(({ handlers }) => handlers),
    log,
  );

  Menu.setApplicationMenu(
    buildMenu({
      isMac: process.platform === 'darwin',
      devTools: !app.isPackaged,
      command: (name) => emit('command', { name }),
      showLogs: () => void services.then(({ handlers }) => handlers['help.showLogs']({})).catch(noted(log)),
      copyDiagnostics: () =>
        void services.then(({ handlers }) => handlers['help.copyDiagnostics']({})).catch(noted(log)),
    }),
  );
  // A new page, not a step inside the old one.
  window.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (!isMainFrame || isSameDocument) return;
    services.then((running) => running.windowLoading()).catch(noted(log));
  });
  reviveWindow(window.webContents, log);
  let running: Services | undefined;
  services.then((started) => {
    running = started;
  }, noted(log));
  scripts.second.then(() => services).then((started) => started.painted(), noted(log));
  const idle = watchIdle({
    idleSeconds: () => powerMonitor.getSystemIdleTime(),
    limitMinutes: () => look.state.lockMinutes,
    isOpen: () => running?.isOpen() ?? false,
    lock: async () => running?.lock(),
    failed: noted(log),
  });
  powerMonitor.on('suspend', idle.suspending);
  powerMonitor.on('resume', () => {
    services.then((running) => running.resumed()).catch(noted(log));
  });
  if (flags.screenshot !== undefined) picture(window, flags.screenshot, log);

  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  window.on('closed', () => app.quit());
  let quitting = false;
  app.on('before-quit', (event) => {
    if (quitting) return;
    quitting = true;
    event.preventDefault();
    look.save();
    detach();
    idle.stop();
    // What was typed is already on disk; this closes the store in order and zeroes the keys.
    void services
      .then((running) => running.quit())
      .catch(noted(log))
      .finally(() => app.quit());
  });
}

/** Milliseconds since the process began, for the log. */
function sinceStart(): number | null {
  const created = process.getCreationTime();
  return created === null ? null : Math.round(Date.now() - created);
}

/** Longest wait for a page that is to be emptied, milliseconds. */
const PAGE_MS = 1000;

/** Longest wait for the page to ask for its code, milliseconds; without a page there is no hurry, but a quit. */
const FIRST_MS = 1000;

/** Tells when the page's code has been handed out, and when its larger part has: its first screen is painted by then. */
function pageScripts() {
  const told: (() => void)[] = [];
  const next = () => new Promise<void>((resolve) => void told.push(resolve));
  const [first, second] = [next(), next()];
  let served = 0;
  setTimeout(() => told[0]?.(), FIRST_MS);
  return {
    first,
    second,
    served: (url: string): void => {
      if (!url.endsWith('.js')) return;
      // The answer goes first.
      setTimeout(told[served] ?? (() => undefined));
      served += 1;
    },
  };
}

function noted(log: Log): (error: unknown) => void {
  return (error) => log.error('app.failed', error);
}

function picture(window: BrowserWindow, file: string, log: Log): void {
  window.once('ready-to-show', () => {
    import('./shell/screenshot.ts')
      .then(({ saveScreenshot }) => saveScreenshot(window, file))
      .catch((error: unknown) => log.error('window.screenshot_failed', error));
  });
}
