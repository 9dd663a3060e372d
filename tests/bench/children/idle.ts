// Does nothing but watch its own event loop: what the machine itself takes from a process at that time.
import { watchLoop } from '../lib/loop.ts';

const loop = watchLoop();
process.on('message', () => {
  process.send?.(loop.stop());
});
process.once('disconnect', () => process.exit());
process.send?.('watching');
