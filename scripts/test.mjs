import { mkdirSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { say } from './lib/run.mjs';
import { describeRuntime, setup } from './setup.mjs';
import { execute } from './test/execute.mjs';
import { summarize, writeTimes } from './test/report.mjs';
import { resultsOf } from './test/results.mjs';
import { chosenSteps, coverageDir, reports } from './test/steps.mjs';

const USAGE = 'npm test [-- --only STEP,STEP] [FILTER...]';
/** A step that cannot run on this machine counts as one test that was left out. */
const SKIPPED = { passed: 0, failed: 0, skipped: 1, tests: [] };

/** Runs the steps in order; neighbours marked `together` side by side. */
async function runSteps(steps) {
  const outcomes = [];
  const settle = (step, { code, millis, late }) => {
    const state = late ? 'TOO SLOW' : code === 0 ? 'ok' : 'FAILED';
    outcomes.push({ step, state, millis, results: resultsOf(step, code) });
  };

  const together = steps.filter((step) => step.together);
  const settled = await Promise.all(together.map((step) => execute(step, { hold: true })));
  for (const [at, step] of together.entries()) settle(step, settled[at]);

  for (const step of steps.filter((each) => !each.together)) {
    const missing = step.needs?.find((need) =>
      outcomes.some((done) => done.step.name === need && done.state !== 'ok'),
    );
    if (missing) {
      const results = { passed: 0, failed: 1, skipped: 0, tests: [] };
      outcomes.push({ step, state: `NOT RUN (${missing})`, millis: 0, results });
      continue;
    }
    const reason = step.skip?.();
    if (reason) {
      console.log(`\n── ${step.name}: skipped, ${reason}`);
      outcomes.push({ step, state: 'skipped', note: reason, millis: 0, results: SKIPPED });
      continue;
    }
    console.log(`\n── ${step.name}`);
    settle(step, await execute(step));
  }
  return outcomes;
}

async function main() {
  const { values, positionals } = parseArgs({
    options: { only: { type: 'string' }, help: { type: 'boolean' } },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const only = values.only?.split(',').filter(Boolean) ?? null;
  // A typing error in a step's name should cost nothing, so it is looked at before anything is set up.
  const steps = chosenSteps(only, positionals);

  const started = performance.now();
  const needsApp = steps.some((step) => ['sync', 'security', 'e2e'].includes(step.name));
  const runtime = await setup({ electron: needsApp, tests: true });
  if (needsApp) say(describeRuntime(runtime));
  rmSync(reports, { recursive: true, force: true });
  if (steps.some((step) => step.name === 'coverage')) rmSync(coverageDir, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });

  const outcomes = await runSteps(steps);
  summarize(outcomes, writeTimes(outcomes), performance.now() - started);
  return outcomes.every(({ state }) => state === 'ok' || state === 'skipped') ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  say(error.message);
  process.exitCode = 2;
}
