import { profileFiles } from '../../../electron/records/profile.ts';
import { type WipeMark, type WipeStep, wipeFiles, wipeKeys } from '../../../electron/records/wipe.ts';

// A wipe in a process of its own, which dies after the step that is named, as in a power cut.
const [folder = '', logs = '', last = '', mark = '{}'] = process.argv.slice(2);

const die = (step: WipeStep) => {
  if (step === last) process.kill(process.pid, 'SIGKILL');
};
const files = profileFiles(folder);
await wipeKeys(files, JSON.parse(mark) as WipeMark, die);
await wipeFiles(files, logs, die);
