import { runSuite } from '../../../../scripts/lib/suite.mjs';

// A run of the bench whose suite has started a server. Tells the pids of all of them.
const suite = `
  const { spawn } = require('node:child_process');
  const server = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  console.log('member ' + process.pid);
  console.log('member ' + server.pid);
  setInterval(() => undefined, 1000);`;

console.log(`head ${process.pid}`);
process.exitCode = await runSuite('suite', process.execPath, ['-e', suite]);
