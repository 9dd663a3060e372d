import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { root } from '../lib/paths.mjs';
import { reports } from './steps.mjs';

const none = { passed: 0, failed: 0, skipped: 0, tests: [] };

export function countVitest(json) {
  const tests = json.testResults.flatMap((file) =>
    file.assertionResults.map((test) => ({
      file: relative(root, file.name),
      name: test.fullName,
      status: test.status,
      millis: Math.round(test.duration ?? 0),
    })),
  );
  // A file that fails before its first test has no test to show for it.
  const broken = json.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  return {
    passed: json.numPassedTests,
    failed: json.numFailedTests + broken,
    skipped: json.numPendingTests + (json.numTodoTests ?? 0),
    tests,
  };
}

export function countPlaywright(json) {
  const tests = [];
  const walk = (suite, titles) => {
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        const millis = test.results.reduce((sum, result) => sum + result.duration, 0);
        tests.push({
          file: `tests/e2e/${spec.file}`,
          name: [...titles, spec.title].join(' '),
          status: test.status,
          millis,
        });
      }
    }
    for (const inner of suite.suites ?? []) walk(inner, inner.line ? [...titles, inner.title] : titles);
  };
  for (const suite of json.suites) walk(suite, []);
  const { expected, unexpected, flaky, skipped } = json.stats;
  // Errors outside of tests: a file that does not load, a set-up that fails.
  const outside = unexpected + flaky === 0 ? json.errors.length : 0;
  return { passed: expected, failed: unexpected + flaky + outside, skipped, tests };
}

/**
 * A step that failed without counting a failure counts as one failed test, so that the last line of the command
 * never claims less than its exit code.
 */
export function neverLess(counted, code) {
  return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
}

/** What a step's runner counted, from the result file that it left behind. */
export function resultsOf(step, code) {
  const file = `${reports}/${step.name}.json`;
  if (!step.results || !existsSync(file)) return neverLess(none, code);
  const json = JSON.parse(readFileSync(file, 'utf8'));
  return neverLess(step.results === 'vitest' ? countVitest(json) : countPlaywright(json), code);
}
