import { join } from 'node:path';
import { node24, out } from '../lib/paths.mjs';
import { local, toolEnv } from '../lib/run.mjs';
import { findPostgres } from './postgres.mjs';

export const reports = join(out, 'test');
export const coverageDir = join(out, 'coverage');
const MINUTE = 60_000;
/** Steps that serve nothing but the coverage. */
const COVERING = new Set(['build-counted', 'coverage']);

/**
 * A step of the test command.
 * @typedef {object} Step
 * @property {string} name what `--only` says
 * @property {[string, string[]]} command
 * @property {number} limit milliseconds after which it hangs, is ended and has failed: several times what it takes
 * @property {Record<string, string>} [env]
 * @property {string[]} [needs] steps without whose success it makes no sense
 * @property {() => string | undefined} [skip] why it cannot run on this machine
 * @property {boolean} [together] may run beside its neighbours, because it is short and writes nothing
 * @property {'vitest' | 'playwright'} [results] which kind of result file it leaves behind
 */

const check = (name, command) => ({ name, command, limit: 15 * MINUTE, together: true });

/** A vitest project with its own result and coverage files, so that one crash does not take the others' along. */
function vitest(name, minutes, { filters, covers }, env = {}) {
  const args = ['run', '--project', name, '--reporter=default', '--reporter=json', '--reporter=junit'];
  const files = [`--outputFile.json=${reports}/${name}.json`, `--outputFile.junit=${reports}/${name}.xml`];
  const coverage = covers ? ['--coverage', `--coverage.reportsDirectory=${coverageDir}/${name}`] : [];
  return {
    name,
    command: local('vitest/vitest.mjs', ...args, ...files, ...coverage, ...filters),
    limit: minutes * MINUTE,
    env,
    results: 'vitest',
  };
}

function build(name, env, level = 'warn') {
  const command = local('vite/bin/vite.js', 'build', '--app', '--logLevel', level);
  return { name, command, limit: 15 * MINUTE, env };
}

/** The real desktop; counted when coverage is asked for, else as people get it. */
function e2e({ filters, covers }) {
  const args = ['test', '--pass-with-no-tests', '--reporter=list,json,junit', ...filters];
  return {
    name: 'e2e',
    command: local('@playwright/test/cli.js', ...args),
    limit: 40 * MINUTE,
    env: {
      ...(covers ? { ROADBOOK_COVERAGE: '1' } : {}),
      PLAYWRIGHT_JSON_OUTPUT_FILE: `${reports}/e2e.json`,
      PLAYWRIGHT_JUNIT_OUTPUT_FILE: `${reports}/e2e.xml`,
    },
    needs: [covers ? 'build-counted' : 'build'],
    results: 'playwright',
  };
}

function allSteps(how) {
  return [
    check('types', local('typescript/bin/tsc', '--project', '.', '--pretty', 'false')),
    check('lint', local('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '--max-diagnostics=50')),
    check('imports', [node24, ['scripts/imports/check.ts']]),
    // Files that no test loads count as uncovered; naming them once is enough.
    vitest('unit', 30, how, { ROADBOOK_COVER_ALL: '1' }),
    vitest('api', 30, how),
    {
      ...vitest('postgres', 30, how, { ROADBOOK_TEST_DATABASE: 'postgres' }),
      skip: () => findPostgres().missing,
    },
    vitest('sync', 30, how),
    vitest('security', 20, how),
    build('build', {}),
    // The counters stand between calls and their notes for the bundler, which it would warn about each time.
    build('build-counted', { ROADBOOK_COVERAGE: '1' }, 'error'),
    e2e(how),
    { name: 'coverage', command: [node24, ['scripts/test/coverage.ts']], limit: 10 * MINUTE },
  ];
}

/**
 * The steps of a run. Everything, with coverage, when nothing is said; `only` names steps, and what they need comes
 * along; `filters` narrow the tests inside the runners. A part is covered only when `only` names coverage too,
 * because a floor for the whole says nothing about a part. Throws on an unknown name.
 */
export function chosenSteps(only, filters) {
  const covers = only === null ? filters.length === 0 : only.includes('coverage');
  const steps = allSteps({ filters, covers });
  const wanted = new Set(
    only ?? steps.map((step) => step.name).filter((name) => covers || !COVERING.has(name)),
  );
  for (const name of only ?? []) {
    const step = steps.find((each) => each.name === name);
    const known = steps.map((each) => each.name).join(', ');
    if (!step) throw new Error(`There is no step "${name}". Known: ${known}.`);
    for (const need of step.needs ?? []) wanted.add(need);
  }
  return steps.filter((step) => wanted.has(step.name));
}

/** Colours only for a person who looks on; in a file they are noise. */
export function stepEnv(step) {
  const env = toolEnv(step.env);
  if (process.stdout.isTTY && !process.env.CI) return env;
  delete env.FORCE_COLOR;
  return { ...env, NO_COLOR: '1' };
}
