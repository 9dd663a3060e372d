import { readFileSync } from 'node:fs';

const LOOK_MS = 500;

/** Calls `act` once when the npm that runs this command is gone: killed, it passes nothing on. */
export function whenNpmIsGone(act, { env = process.env } = {}) {
  if (env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  // npm runs a command through a shell, which lives on without it.
  const npm = isCommandShell(shell) ? parentOf(shell) : null;
  const watch = setInterval(() => {
    if (process.ppid === shell && (npm === null || parentOf(shell) === npm)) return;
    clearInterval(watch);
    act();
  }, LOOK_MS);
  watch.unref();
}

/** Where the system does not tell, only the direct parent is watched. */
function isCommandShell(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[1] === '-c';
  } catch {
    return false;
  }
}

function parentOf(pid) {
  try {
    // The name before it, in brackets, may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return Number(fields[1]);
  } catch {
    return null;
  }
}
