import { createServer, type Server } from 'node:net';
import { expect, test } from '@playwright/test';
import { Device } from './support/device.ts';

// What the running app lets a page do. The page here plays an attacker who has found a way to run code in the window.

let device: Device;
let web: Server;
let visits = 0;
let webPort = 0;

test.beforeAll(async () => {
  web = createServer((socket) => {
    visits += 1;
    socket.destroy();
  });
  await new Promise<void>((done) => web.listen(0, '127.0.0.1', done));
  const address = web.address();
  if (address !== null && typeof address === 'object') webPort = address.port;
  device = new Device('shell');
  await device.start();
  await expect(device.page.getByRole('heading', { level: 1 })).toBeVisible();
});

test.afterAll(async () => {
  await device.dispose();
  web.close();
});

test('the window has no Node: nothing to require, no process, no buffers', async () => {
  const seen = await device.page.evaluate(() =>
    ['require', 'module', 'exports', 'process', 'global', 'Buffer', 'electron', 'ipcRenderer'].filter(
      (name) => name in window,
    ),
  );
  expect(seen).toEqual([]);
});

test('the window runs sandboxed, isolated and with web security, as Electron itself reports', async () => {
  const preferences = await device.app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    // Answers what is in force, not what was asked for; it has no types.
    const contents = window?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
    const { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag } =
      contents.getLastWebPreferences();
    return { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag };
  });
  expect(preferences).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
  });
});

test('every page comes over app:// with the strict policy as a header, refusals too', async () => {
  const answers = await device.app.evaluate(async ({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    const session = window?.webContents.session;
    const read = async (path: string) => {
      const answer = await session?.fetch(`app://roadbook${path}`);
      const header = (name: string) => answer?.headers.get(name) ?? '';
      return {
        status: answer?.status,
        policy: header('content-security-policy'),
        sniff: header('x-content-type-options'),
      };
    };
    return { page: await read('/index.html'), absent: await read('/absent.html') };
  });
  expect(answers.page.status).toBe(200);
  expect(answers.absent.status).toBe(404);
  for (const { policy, sniff } of Object.values(answers)) {
    expect(sniff).toBe('nosniff');
    const lines = new Map(policy.split('; ').map((line) => line.split(/ (.*)/, 2) as [string, string]));
    expect(lines.get('default-src')).toBe("'none'");
    expect(lines.get('script-src')).toBe("'self'");
    expect(lines.get('connect-src')).toBe("'none'");
    expect(lines.get('frame-ancestors')).toBe("'none'");
    expect(policy).not.toMatch(/unsafe|\*|data:|https?:/);
  }
});

test('app:// serves the built pages and nothing beside them', async () => {
  const statuses = await device.app.evaluate(async ({ BrowserWindow }) => {
    const session = BrowserWindow.getAllWindows()[0]?.webContents.session;
    const paths = [
      'app://roadbook/../main/main.js',
      'app://roadbook/%2e%2e/main/main.js',
      'app://roadbook/..%2fmain%2fmain.js',
      'app://roadbook/%2e%2e%5cmain%5cmain.js',
      'app://roadbook//etc/passwd',
      'app://roadbook/index.html%00.js',
      'app://elsewhere/index.html',
      'app://roadbook.example/index.html',
    ];
    const status = async (path: string) => {
      try {
        return (await session?.fetch(path))?.status ?? 0;
      } catch {
        // Refused before it was an answer.
        return 0;
      }
    };
    return Promise.all(paths.map(async (path) => [path, await status(path)] as const));
  });
  for (const [path, status] of statuses) expect([0, 404], path).toContain(status);
});

test('text cannot become code: no eval, no inline script, no script from a string address', async () => {
  const outcome = await device.page.evaluate(async () => {
    const attempts: Record<string, boolean> = {};
    // The inspector may evaluate text while it runs this; a task of the page's own may not.
    await new Promise((done) => setTimeout(done));
    const tries = (run: () => unknown) => {
      try {
        run();
        return true;
      } catch {
        // The policy speaks through an exception.
        return false;
      }
    };
    // biome-ignore lint/security/noGlobalEval: that it is refused is what this test is about
    attempts.eval = tries(() => eval('1 + 1'));
    attempts.function = tries(() => new Function('return 1')());
    const insert = (fill: (script: HTMLScriptElement) => void) =>
      new Promise<boolean>((done) => {
        Reflect.deleteProperty(window, 'intruded');
        const script = document.createElement('script');
        fill(script);
        script.onload = () => done(Reflect.has(window, 'intruded'));
        script.onerror = () => done(false);
        document.head.append(script);
        if (script.src === '') done(Reflect.has(window, 'intruded'));
      });
    attempts.inline = await insert((script) => {
      script.text = 'window.intruded = true';
    });
    attempts.data = await insert((script) => {
      script.src = 'data:text/javascript,window.intruded=true';
    });
    attempts.blob = await insert((script) => {
      script.src = URL.createObjectURL(new Blob(['window.intruded=true'], { type: 'text/javascript' }));
    });
    return attempts;
  });
  expect(outcome).toEqual({ eval: false, function: false, inline: false, data: false, blob: false });
});

test('nothing leaves the window for the network, whatever a page tries', async () => {
  const reached = await device.page.evaluate(async (port) => {
    const at = `127.0.0.1:${port}`;
    const failed = (run: Promise<unknown>) =>
      run.then(
        () => 'reached',
        () => 'refused',
      );
    const byElement = (name: 'img' | 'script' | 'link', fill: (element: HTMLElement) => void) =>
      new Promise<string>((done) => {
        const element = document.createElement(name);
        element.addEventListener('load', () => done('loaded'));
        element.addEventListener('error', () => done('refused'));
        fill(element);
        document.body.append(element);
      });
    // A refused frame shows the browser's own page for it, and its load event is no sign of anything: the policy's
    // report names what it refused, and the visits on the other side tell the rest.
    const byFrame = (address: string) =>
      new Promise<string>((done) => {
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
          if (effectiveDirective === 'frame-src' && address.startsWith(blockedURI)) done('refused');
        });
        const frame = document.createElement('iframe');
        frame.src = address;
        document.body.append(frame);
      });
    const bySocket = (open: () => EventTarget) =>
      new Promise<string>((done) => {
        try {
          const socket = open();
          socket.addEventListener('open', () => done('reached'));
          socket.addEventListener('error', () => done('refused'));
        } catch {
          done('refused');
        }
      });
    const results = {
      fetch: await failed(fetch(`http://${at}/`)),
      fetchNoCors: await failed(fetch(`http://${at}/`, { mode: 'no-cors' })),
      xhr: await new Promise<string>((done) => {
        const request = new XMLHttpRequest();
        request.onload = () => done('reached');
        request.onerror = () => done('refused');
        request.open('GET', `http://${at}/`);
        request.send();
      }),
      socket: await bySocket(() => new WebSocket(`ws://${at}/`)),
      events: await bySocket(() => new EventSource(`http://${at}/`)),
      image: await byElement('img', (element) => element.setAttribute('src', `http://${at}/x.png`)),
      script: await byElement('script', (element) => element.setAttribute('src', `http://${at}/x.js`)),
      style: await byElement('link', (element) => {
        element.setAttribute('rel', 'stylesheet');
        element.setAttribute('href', `http://${at}/x.css`);
      }),
      frame: await byFrame(`http://${at}/`),
      module: await failed(import(/* @vite-ignore */ `http://${at}/x.js`)),
    };
    // Refused or not, a beacon says nothing back; the visits on the other side tell.
    navigator.sendBeacon(`http://${at}/`, 'records');
    return results;
  }, webPort);
  expect(Object.entries(reached).filter(([, result]) => result !== 'refused')).toEqual([]);
  expect(visits).toBe(0);
});

test('every permission is denied', async () => {
  const answers = await device.page.evaluate(async () => {
    const refused = (run: Promise<unknown>) =>
      run.then(
        () => 'given',
        () => 'denied',
      );
    return {
      notifications: await Notification.requestPermission(),
      geolocation: await refused(
        new Promise((done, fail) => navigator.geolocation.getCurrentPosition(done, fail, { timeout: 3000 })),
      ),
      camera: await refused(navigator.mediaDevices.getUserMedia({ video: true })),
      microphone: await refused(navigator.mediaDevices.getUserMedia({ audio: true })),
      screen: await refused(navigator.mediaDevices.getDisplayMedia()),
      clipboard: await refused(navigator.clipboard.readText()),
    };
  });
  expect([...new Set(Object.values(answers))]).toEqual(['denied']);
});

// Last, because Playwright goes on waiting for a navigation that was refused.
test('no navigation, no new window, no frame: Roadbook stays alone', async () => {
  const { page, app } = device;
  const opened = await page.evaluate((port) => {
    const results = [
      window.open(`http://127.0.0.1:${port}/`),
      window.open('about:blank'),
      window.open('app://roadbook/index.html'),
    ];
    const link = document.createElement('a');
    link.href = `http://127.0.0.1:${port}/`;
    link.target = '_blank';
    document.body.append(link);
    link.click();
    link.target = '_self';
    link.click();
    location.href = `http://127.0.0.1:${port}/`;
    return results.filter((result) => result !== null).length;
  }, webPort);
  expect(opened).toBe(0);
  const after = await app.evaluate(async ({ BrowserWindow }) => {
    const windows = BrowserWindow.getAllWindows();
    const contents = windows[0]?.webContents;
    const heading = await contents?.executeJavaScript('document.querySelector("h1")?.textContent');
    return { windows: windows.length, address: contents?.getURL(), heading };
  });
  expect(after).toEqual({ windows: 1, address: 'app://roadbook/index.html', heading: 'Set up this device' });
  expect(visits).toBe(0);
});
