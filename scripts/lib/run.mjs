import { spawn, spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { modules, node24, root } from './paths.mjs';

/** One line of news for the person who waits. */
export function say(line) {
  console.log(`roadbook: ${line}`);
}

/** The environment every part runs in: Node 24 and the pinned tools come first. */
export function toolEnv(extra = {}) {
  const bin = join(modules, '.bin');
  return { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, ...extra };
}

/** npm on Windows is a script, and those start only through a shell. */
const shell = (command) => process.platform === 'win32' && command.startsWith('npm');

/**
 * Runs a command to its end with its output shown; returns its exit code. Who ends this process ends the command,
 * which may take its time to close in order.
 */
export function run(command, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: 'inherit',
      env: toolEnv(),
      shell: shell(command),
      ...options,
    });
    const stop = () => child.kill('SIGTERM');
    // A terminal sends Ctrl-C to the command as well; here it only must not end this process first.
    const interrupt = () => process.stdin.isTTY || child.kill('SIGINT');
    process.on('SIGTERM', stop).on('SIGHUP', stop).on('SIGINT', interrupt);
    const settled = (settle) => (value, signal) => {
      process.off('SIGTERM', stop).off('SIGHUP', stop).off('SIGINT', interrupt);
      settle(value, signal);
    };
    child.once('error', settled(fail));
    child.once(
      'exit',
      settled((code, signal) => done(signal ? 128 : (code ?? 1))),
    );
  });
}

/** Runs a command silently. Throws with its output when it fails, because only then does anybody want to read it. */
export function quiet(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: toolEnv(),
    maxBuffer: 64 << 20,
    shell: shell(command),
    ...options,
  });
  if (result.error) throw result.error;
  if (result.status !== 0) {
    throw new Error(
      `${command} ${args.join(' ')} failed (${result.status}):\n${result.stdout}${result.stderr}`,
    );
  }
  return result.stdout;
}

/** Arguments that run a locally installed package's command under Node 24, without a shell in between. */
export function local(script, ...args) {
  return [node24, [join(modules, script), ...args]];
}

export function have(command) {
  const probe = process.platform === 'win32' ? 'where' : 'which';
  return spawnSync(probe, [command], { stdio: 'ignore' }).status === 0;
}

export const isRoot = process.getuid?.() === 0;
