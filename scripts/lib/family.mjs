import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { root } from './paths.mjs';
import { say, toolEnv } from './run.mjs';
import { signalGroup } from './signal.mjs';

const GRACE_MS = 8_000;
const GUARDIAN = fileURLToPath(new URL('guardian.mjs', import.meta.url));

/**
 * Processes that live and die together: when one ends, or the terminal asks, all end. Each gets its own process
 * group, so that its own children (an Electron has several) go with it. Who kills this process, the head, kills the
 * family: a guardian beside it notices that its pipe to the head is closed.
 */
export class Family {
  #members = new Map();
  #base = new Set();
  #ending = null;
  #code = 0;
  #ended;
  #guardian;
  #grace;
  #closed;
  /** Resolves with the exit code once every member is gone. */
  ended = new Promise((done) => {
    this.#ended = done;
  });

  /**
   * @param {{ grace?: number, closed?: string }} [options] grace: milliseconds that members have to end when they are
   *   asked to; closed: what is said of one that has ended well
   */
  constructor({ grace = GRACE_MS, closed = 'was closed' } = {}) {
    this.#grace = grace;
    this.#closed = closed;
    this.#guardian = spawn(process.execPath, [GUARDIAN, String(grace)], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    // Without a guardian everything works; only a killed head would leave its members behind.
    this.#guardian.once('error', (error) => say(`nobody watches over a killed start: ${error.message}`));
    this.#guardian.stdin.on('error', () => undefined);
    this.#guardian.stdin.unref();
    this.#guardian.unref();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => this.end(`${signal}: stopping`, signal === 'SIGINT' ? 130 : 143));
    }
    // The last resort: nothing started here may outlive this process.
    process.on('exit', () => {
      for (const child of this.#members.values()) signalMember(child, 'SIGKILL');
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
    if (child.pid !== undefined) this.#tellGuardian(`+${child.pid}${base ? ' base' : ''}`);
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!silent) console.log(line);
      onLine(line);
    });
    child.once('error', (error) => this.#gone(name, 1, error.message));
    child.once('exit', (code, signal) => this.#gone(name, code ?? 1, signal ?? `exit code ${code}`));
    return child;
  }

  #tellGuardian(line) {
    this.#guardian.stdin.write(`${line}\n`);
  }

  #gone(name, code, how) {
    const child = this.#members.get(name);
    this.#members.delete(name);
    // What it started and did not end itself.
    if (child) signalMember(child, 'SIGKILL');
    if (child?.pid !== undefined) this.#tellGuardian(`-${child.pid}`);
    if (this.#ending) this.#goOn();
    else this.end(code === 0 ? `${name} ${this.#closed}` : `${name} ended unexpectedly (${how})`, code);
  }

  /** Ends everybody: first asked, then made to. */
  end(reason, code) {
    if (this.#ending) return;
    say(reason);
    this.#code = code;
    this.#ending = setTimeout(() => {
      for (const child of this.#members.values()) signalMember(child, 'SIGKILL');
    }, this.#grace);
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

function signalMember(child, signal) {
  if (child.pid !== undefined) signalGroup(child.pid, signal);
}
