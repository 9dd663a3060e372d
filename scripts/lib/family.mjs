import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { root } from './paths.mjs';
import { say, toolEnv } from './run.mjs';

const GRACE_MS = 8_000;

/**
 * Processes that live and die together: when one ends, or the terminal asks, all end. Each gets its own process
 * group, so that its own children (an Electron has several) go with it.
 */
export class Family {
  #members = new Map();
  #base = new Set();
  #ending = null;
  #code = 0;
  #ended;
  /** Resolves with the exit code once every member is gone. */
  ended = new Promise((done) => {
    this.#ended = done;
  });

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => this.end(`${signal}: stopping`, signal === 'SIGINT' ? 130 : 143));
    }
    // The last resort: nothing started here may outlive this process.
    process.on('exit', () => {
      for (const child of this.#members.values()) signalGroup(child, 'SIGKILL');
    });
  }

  /**
   * Starts a member. `onLine` sees each line of its standard output, which is shown too unless `silent`.
   * A `base` member is what the others stand on, as the display is: it is ended only when they are gone.
   */
  start(name, command, args, { env = {}, onLine = () => {}, silent = false, base = false } = {}) {
    const child = spawn(command, args, {
      cwd: root,
      env: toolEnv(env),
      stdio: ['ignore', 'pipe', silent ? 'ignore' : 'inherit'],
      detached: process.platform !== 'win32',
    });
    this.#members.set(name, child);
    if (base) this.#base.add(name);
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!silent) console.log(line);
      onLine(line);
    });
    child.once('error', (error) => this.#gone(name, 1, error.message));
    child.once('exit', (code, signal) => this.#gone(name, code ?? 1, signal ?? `exit code ${code}`));
    return child;
  }

  #gone(name, code, how) {
    const child = this.#members.get(name);
    this.#members.delete(name);
    // What it started and did not end itself.
    if (child) signalGroup(child, 'SIGKILL');
    if (this.#ending) this.#goOn();
    else this.end(code === 0 ? `${name} was closed` : `${name} ended unexpectedly (${how})`, code);
  }

  /** Ends everybody: first asked, then made to. */
  end(reason, code) {
    if (this.#ending) return;
    say(reason);
    this.#code = code;
    this.#ending = setTimeout(() => {
      for (const child of this.#members.values()) signalGroup(child, 'SIGKILL');
    }, GRACE_MS);
    // Only the leaders are asked: an Electron whose helpers end before it takes that for a crash.
    for (const [name, child] of this.#members) if (!this.#base.has(name)) child.kill('SIGTERM');
    this.#goOn();
  }

  #goOn() {
    if (this.#members.size === 0) this.#finish();
    else if ([...this.#members.keys()].every((name) => this.#base.has(name))) {
      for (const child of this.#members.values()) child.kill('SIGTERM');
    }
  }

  #finish() {
    clearTimeout(this.#ending);
    this.#ended(this.#code);
  }
}

function signalGroup(child, signal) {
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // Already gone.
  }
}
