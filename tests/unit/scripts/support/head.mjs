import { Family } from '../../../../scripts/lib/family.mjs';
import { whenNpmIsGone } from '../../../../scripts/lib/npm.mjs';

// The head of a family of three, as `npm start` is. Tells the pids of all of them, and of what a member has started.
const polite = `console.log('member ' + process.pid); setInterval(() => undefined, 1000);`;
const stubborn = `
  const { spawn } = require('node:child_process');
  process.on('SIGTERM', () => undefined);
  const own = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  console.log('member ' + own.pid);
  ${polite}`;

const family = new Family({ grace: 500 });
family.start('polite', process.execPath, ['-e', polite]);
family.start('stubborn', process.execPath, ['-e', stubborn]);
family.start('base', process.execPath, ['-e', polite], { base: true });
whenNpmIsGone(() => family.end('npm was ended: stopping', 143));
console.log(`head ${process.pid}`);
process.exit(await family.ended);
