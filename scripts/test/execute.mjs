import { spawn } from 'node:child_process';
import { root } from '../lib/paths.mjs';
import { stepEnv } from './steps.mjs';

const running = new Set();

function killGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Already gone.
  }
}

// Each step leads its own process group; whatever ends this command ends them, browsers and servers included.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
]) {
  process.on(signal, () => process.exit(code));
}
process.on('exit', () => {
  for (const child of running) killGroup(child, 'SIGKILL');
});

/**
 * Runs one step. With `hold` its output comes in one piece when it has ended, so that steps side by side stay readable.
 * @returns {Promise<{ code: number, millis: number, late: boolean }>}
 */
export function execute(step, { hold = false } = {}) {
  const started = performance.now();
  const [command, args] = step.command;
  return new Promise((done) => {
    const stdio = hold ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'];
    const child = spawn(command, args, { cwd: root, env: stepEnv(step), stdio, detached: true });
    running.add(child);
    const held = [];
    if (hold)
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => held.push(bytes));
    let late = false;
    const limit = setTimeout(() => {
      late = true;
      killGroup(child, 'SIGKILL');
    }, step.limit);
    const end = (code) => {
      clearTimeout(limit);
      // A runner that has ended leaves nothing behind: no server, no browser, no display.
      killGroup(child, 'SIGKILL');
      running.delete(child);
      if (hold) process.stdout.write(Buffer.concat(held));
      done({ code, millis: performance.now() - started, late });
    };
    child.once('error', (error) => {
      held.push(Buffer.from(`${error.message}\n`));
      end(1);
    });
    child.once('close', (code) => end(code ?? 1));
  });
}
