// What an Electron runs when no app is packed into it: opens the app folder named on the command line.
// An ES module with top-level await on purpose: Electron holds `ready` back until it has finished, so an app that is
// an ES module itself can still register schemes. A CommonJS file that calls import() would let `ready` pass.
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

// Apps ask this to tell a development start from a packaged one.
process.defaultApp = true;

const require = createRequire(import.meta.url);
const args = process.argv.slice(1);
const preloads = [];
let target = null;

for (let at = 0; at < args.length && target === null; at += 1) {
  const arg = args[at];
  if (arg === '-r' || arg === '--require') {
    at += 1;
    preloads.push(args[at]);
  } else if (!arg.startsWith('-')) {
    target = resolve(arg);
  }
}

if (target === null) {
  console.error('No app folder was named.');
  app.exit(2);
} else {
  for (const module of preloads) require(module);
  let entry = target;
  if (statSync(target).isDirectory()) {
    const manifest = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8'));
    app.setName(manifest.productName ?? manifest.name ?? app.getName());
    if (manifest.version) app.setVersion(manifest.version);
    app.setAppPath(target);
    entry = join(target, manifest.main ?? 'index.js');
  }
  await import(pathToFileURL(entry).href);
}
