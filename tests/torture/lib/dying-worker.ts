import { writeSync } from 'node:fs';
import { watchSteps } from '../../../electron/store/engine/steps.ts';
import { STRUCK } from './struck.ts';

/**
 * The store's thread, which ends the process at a named step: DIE_AT says at which, DIE_AFTER at the how manieth of
 * them. (A query in the address of its code does not arrive: Node 24.21 leaves it out of import.meta.url.)
 */
const { DIE_AT, DIE_AFTER = '1' } = process.env;
let left = Number(DIE_AFTER);
watchSteps((step) => {
  if (step !== DIE_AT) return;
  left -= 1;
  if (left > 0) return;
  writeSync(2, STRUCK);
  process.kill(process.pid, 'SIGKILL');
});
await import('../../../electron/store/worker.ts');
