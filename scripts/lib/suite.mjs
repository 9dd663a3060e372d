import { Family } from './family.mjs';

/** Families of a run, so that whoever ends it ends what runs now. */
let running;

/**
 * Runs one suite to its end, in a family: whoever ends or kills this process ends the suite with every server and app
 * that it has started.
 * @returns {Promise<number>} exit code; above 128 when the run was ended from outside
 */
export async function runSuite(name, command, args) {
  running = new Family({ closed: 'is done' });
  running.start(name, command, args);
  return running.ended;
}

/** Ends the suite that runs now, and the run with it. */
export function endRun(reason) {
  if (running === undefined) process.exit(143);
  running.end(reason, 143);
}
