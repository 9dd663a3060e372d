import { writeSync } from 'node:fs';
import { watchSteps } from '../../../electron/store/engine/steps.ts';

/**
 * The store's thread, which notes each answered commit from the thread that writes the files: so the notes lie in
 * one order with its writes. Descriptor -1 fails, and that is enough: whoever traces system calls sees the text.
 */
let commits = 0;
const note = Buffer.alloc(16);
watchSteps((step) => {
  if (step !== 'commit-answered' && step !== 'commit-begun') return;
  if (step === 'commit-begun') commits += 1;
  note.fill(0).write(`${step === 'commit-begun' ? 'begun' : 'acked'} ${commits}`);
  try {
    writeSync(2_147_483_647, note);
  } catch {
    // Expected: there is no such descriptor.
  }
});
await import('../../../electron/store/worker.ts');
