import { devServerData, node24 } from './paths.mjs';
import { local, run, toolEnv } from './run.mjs';

const step = (script, ...args) => run(...local(script, ...args));

async function inTurn(...steps) {
  let worst = 0;
  for (const next of steps) worst = Math.max(worst, await next());
  return worst;
}

function server(script, args, env = {}) {
  const data = process.env.ROADBOOK_DATA ?? devServerData;
  return run(node24, [script, ...args], { env: toolEnv({ ROADBOOK_DATA: data, ...env }) });
}

/** What `npm run NAME` does; each returns an exit code. */
export const tasks = {
  build: (args) => step('vite/bin/vite.js', 'build', '--app', '--logLevel', 'warn', ...args),
  buildCounted: () =>
    run(...local('vite/bin/vite.js', 'build', '--app', '--logLevel', 'error'), {
      env: toolEnv({ ROADBOOK_COVERAGE: '1' }),
    }),
  typecheck: (args) => step('typescript/bin/tsc', '--project', '.', ...args),
  biome: (args) => step('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', ...args),
  imports: () => run(node24, ['scripts/imports/check.ts']),
  lint: (args) =>
    inTurn(
      () => tasks.biome(args),
      () => tasks.imports(),
    ),
  format: (args) => step('@biomejs/biome/bin/biome', 'check', '--write', ...args),
  torture: (args) => run(node24, args),
  server: (args) => server('sync-server/server.ts', args),
  admin: (args) => server('sync-server/cli.ts', args),
  import: (args) => server('sync-server/import/cli.ts', args),
};
