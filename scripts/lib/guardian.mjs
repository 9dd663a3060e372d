import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, signalGroup, signalLeader } from './signal.mjs';

// Ends a family whose head was killed. Its standard input is a pipe from the head, which the system closes however the
// head ends. Lines: `+PID`, `+PID base`, `-PID`. A head that ended in order has taken everybody off the list before.
const GRACE_MS = Number(process.argv[2]);
const LOOK_MS = 50;

const members = new Map();

// A terminal's Ctrl-C is the head's to answer.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [, sign, pid, base] = /^([+-])(\d+)( base)?$/.exec(line) ?? [];
    if (sign === '+') members.set(Number(pid), base !== undefined);
    else if (sign === '-') members.delete(Number(pid));
  })
  .on('close', async () => {
    await end([...members.keys()].filter((pid) => !members.get(pid)));
    await end([...members.keys()].filter((pid) => members.get(pid)));
  });

/** First asked, then made to, each with what it has started. */
async function end(pids) {
  for (const pid of pids) signalLeader(pid, 'SIGTERM');
  const last = Date.now() + GRACE_MS;
  while (pids.some(isRunning) && Date.now() < last) await delay(LOOK_MS);
  for (const pid of pids) signalGroup(pid, 'SIGKILL');
}
