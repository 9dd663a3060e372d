import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { hasDisplay, startDisplay } from './lib/display.mjs';
import { Family } from './lib/family.mjs';
import { whenNpmIsGone } from './lib/npm.mjs';
import { devProfile, devServerData, node24, out, root } from './lib/paths.mjs';
import { isRoot, say } from './lib/run.mjs';
import { tasks } from './lib/tasks.mjs';
import { describeRuntime, setup } from './setup.mjs';

const FIRST_PORT = 8480;
const SERVER_READY = /^Roadbook sync server listening on (http:\/\/\S+)/;
const SERVER_READY_MS = 60_000;
const PICTURE = join(out, 'first-window.png');

function portIsFree(port) {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', () => done(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)));
  });
}

async function choosePort() {
  if (process.env.ROADBOOK_PORT) return process.env.ROADBOOK_PORT;
  let port = FIRST_PORT;
  while (!(await portIsFree(port))) port += 1;
  return String(port);
}

/** Starts the sync server with its demo company and waits for the line that says it listens. */
function startServer(family, port) {
  mkdirSync(devServerData, { recursive: true });
  return new Promise((done, fail) => {
    const late = setTimeout(
      () => fail(new Error('The sync server did not start in a minute.')),
      SERVER_READY_MS,
    );
    family.ended.then(() => clearTimeout(late));
    family.start('The sync server', node24, ['sync-server/server.ts'], {
      env: { ROADBOOK_DATA: devServerData, ROADBOOK_PORT: port, ROADBOOK_DEMO: '1' },
      onLine: (line) => {
        const ready = SERVER_READY.exec(line);
        if (!ready) return;
        clearTimeout(late);
        done(ready[1]);
      },
    });
  });
}

async function startApp(family, runtime, serverUrl) {
  const env = { ROADBOOK_SERVER: serverUrl, ROADBOOK_PROFILE: process.env.ROADBOOK_PROFILE ?? devProfile };
  if (runtime.nativeBinding) env.ROADBOOK_SQLITE_BINDING = runtime.nativeBinding;
  const args = [];
  if (!hasDisplay()) {
    env.DISPLAY = await startDisplay(family);
    env.ROADBOOK_SCREENSHOT = PICTURE;
    rmSync(PICTURE, { force: true });
    args.push('--disable-gpu', '--disable-dev-shm-usage');
    say(
      `no display: the window opens on a virtual one; a picture of it comes to ${PICTURE.slice(root.length + 1)}`,
    );
    announcePicture(family);
  }
  if (process.platform === 'linux' && isRoot) {
    args.push('--no-sandbox');
    say('running as root, so Chromium runs without its sandbox; as any other user it keeps it');
  }
  mkdirSync(env.ROADBOOK_PROFILE, { recursive: true });
  family.start('The app', runtime.executable, [...args, root], { env });
}

function announcePicture(family) {
  const watch = setInterval(() => {
    if (!existsSync(PICTURE)) return;
    say(`the first window is in ${PICTURE.slice(root.length + 1)}`);
    clearInterval(watch);
  }, 500);
  family.ended.then(() => clearInterval(watch));
}

async function main() {
  const runtime = await setup();
  say(describeRuntime(runtime));
  if ((await tasks.build([])) !== 0) throw new Error('The app could not be built; see above.');
  const family = new Family();
  whenNpmIsGone(() => family.end('npm was ended: stopping', 143));
  try {
    const serverUrl = await Promise.race([startServer(family, await choosePort()), family.ended]);
    if (typeof serverUrl === 'string') await startApp(family, runtime, serverUrl);
  } catch (error) {
    family.end(error.message, 1);
  }
  return family.ended;
}

try {
  process.exit(await main());
} catch (error) {
  say(error.message);
  process.exit(1);
}
