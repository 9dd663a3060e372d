import { watchSteps } from '../../../electron/store/engine/steps.ts';

/**
 * The store's thread, which ends the process at a named step: `?step=NAME&after=N` in its own address says at which,
 * and the how manieth of them.
 */
const { searchParams } = new URL(import.meta.url);
let left = Number(searchParams.get('after') ?? 1);
watchSteps((step) => {
  if (step !== searchParams.get('step')) return;
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
});
await import('../../../electron/store/worker.ts');
