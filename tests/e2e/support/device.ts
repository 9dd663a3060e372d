import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { keepCoverage } from './coverage.ts';
import { ended, killTree, processTree } from './process-tree.ts';
import { appDir, coverageDir, instrumented, root, runtime } from './runtime.ts';

/** Folders of one person's laptop; they outlive every start and every kill of the app. */
export interface Laptop {
  readonly base: string;
  readonly profile: string;
  readonly tmp: string;
  readonly home: string;
}

export function newLaptop(name: string): Laptop {
  const base = mkdtempSync(join(tmpdir(), `roadbook-${name}-`));
  const laptop = { base, profile: join(base, 'profile'), tmp: join(base, 'tmp'), home: join(base, 'home') };
  mkdirSync(laptop.tmp);
  mkdirSync(laptop.home);
  return laptop;
}

export interface DeviceOptions {
  /** Address that the sign-in form starts with. */
  readonly server?: string;
  /** More switches for Chromium. */
  readonly switches?: readonly string[];
  /** A keychain of the system instead of none: Chromium's name for it, and where it is found. */
  readonly keychain?: { readonly store: string; readonly env: Readonly<Record<string, string>> };
}

const passwordStore = fileURLToPath(new URL('./password-store.cjs', import.meta.url));

/** What went wrong in a window without a test asking: thrown errors and refusals of the content policy. */
export type Complaint = string;

/** One desktop with Roadbook on it: started, killed and started again on the same folders. */
export class Device {
  readonly laptop: Laptop;
  readonly complaints: Complaint[] = [];
  readonly #options: DeviceOptions;
  #app: ElectronApplication | undefined;
  #page: Page | undefined;

  constructor(name: string, options: DeviceOptions = {}, laptop: Laptop = newLaptop(name)) {
    this.laptop = laptop;
    this.#options = options;
  }

  get app(): ElectronApplication {
    if (this.#app === undefined) throw new Error('This device is not running.');
    return this.#app;
  }

  get page(): Page {
    if (this.#page === undefined) throw new Error('This device is not running.');
    return this.#page;
  }

  get running(): boolean {
    return this.#app !== undefined;
  }

  /** Every process of the running app. */
  pids(): number[] {
    const pid = this.app.process().pid;
    return pid === undefined ? [] : processTree(pid);
  }

  /** Starts the app and waits for its window. */
  async start(): Promise<Page> {
    const { executable, nativeBinding } = runtime();
    const { profile, tmp, home } = this.laptop;
    const { keychain } = this.#options;
    const isRoot = process.getuid?.() === 0;
    // Not as executablePath: only for the package's own Electron does Playwright hold the app back until it listens,
    // and without that a window now and then comes too early and the start never ends.
    process.env.ELECTRON_OVERRIDE_DIST_PATH = dirname(executable);
    const app = await _electron.launch({
      args: [
        ...(isRoot ? ['--no-sandbox'] : []),
        '--disable-gpu',
        ...(this.#options.switches ?? []),
        ...(keychain ? ['-r', passwordStore] : []),
        // The instrumented build has no package.json of its own to be found by.
        instrumented ? join(appDir, 'main', 'main.js') : root,
      ],
      cwd: this.laptop.base,
      timeout: 120_000,
      env: {
        PATH: process.env.PATH ?? '',
        DISPLAY: process.env.DISPLAY ?? '',
        LANG: 'en_US.UTF-8',
        TZ: 'UTC',
        HOME: home,
        TMPDIR: tmp,
        ROADBOOK_PROFILE: profile,
        ROADBOOK_SERVER: this.#options.server ?? '',
        ...(nativeBinding === null ? {} : { ROADBOOK_SQLITE_BINDING: nativeBinding }),
        ...(instrumented ? { ROADBOOK_COVERAGE_DIR: coverageDir } : {}),
        ...(keychain && { ...keychain.env, ROADBOOK_TEST_PASSWORD_STORE: keychain.store }),
      },
    });
    this.#app = app;
    const page = await app.firstWindow({ timeout: 120_000 });
    this.#page = page;
    page.on('pageerror', (error) => this.complaints.push(`thrown: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(`console: ${message.text()}`);
    });
    await page.waitForLoadState('domcontentloaded');
    return page;
  }

  /** A power cut: SIGKILL to every process of the app at once. */
  async kill(): Promise<void> {
    const { app, page } = this;
    await keepCoverage(page);
    this.#forget();
    const pid = app.process().pid;
    if (pid !== undefined) await killTree(pid);
  }

  /** A person closes the app. */
  async quit(): Promise<void> {
    const { app, page } = this;
    await keepCoverage(page);
    this.#forget();
    const { pid, exitCode } = app.process();
    const tree = pid === undefined || exitCode !== null ? [] : processTree(pid);
    await app.close();
    await ended(tree);
  }

  /** Ends the app if it runs and removes its folders. */
  async dispose(): Promise<void> {
    if (this.running) await this.kill();
    rmSync(this.laptop.base, { recursive: true, force: true });
  }

  #forget(): void {
    this.#app = undefined;
    this.#page = undefined;
  }
}
