import { expect, test } from 'vitest';
import { countPlaywright, countVitest, neverLess } from '../../../scripts/test/results.mjs';
import { chosenSteps } from '../../../scripts/test/steps.mjs';

const vitestFile = (status: string, tests: readonly string[]) => ({
  name: '/x/tests/unit/a.test.ts',
  status,
  assertionResults: tests.map((each) => ({ fullName: 'a', status: each, duration: 3.4 })),
});

test('a file that breaks before its first test counts as a failed test', () => {
  const json = {
    numPassedTests: 1,
    numFailedTests: 0,
    numPendingTests: 0,
    testResults: [vitestFile('passed', ['passed']), vitestFile('failed', [])],
  };
  expect(countVitest(json)).toMatchObject({ passed: 1, failed: 1, skipped: 0 });
});

test('a file with a failed test counts that test once', () => {
  const json = {
    numPassedTests: 1,
    numFailedTests: 1,
    numPendingTests: 2,
    testResults: [vitestFile('failed', ['passed', 'failed'])],
  };
  expect(countVitest(json)).toMatchObject({ passed: 1, failed: 1, skipped: 2 });
});

test('a test that passes only at the second try counts as failed', () => {
  const json = { suites: [], errors: [], stats: { expected: 3, unexpected: 0, flaky: 1, skipped: 0 } };
  expect(countPlaywright(json)).toMatchObject({ passed: 3, failed: 1 });
});

test('an error outside of every end-to-end test counts as failed', () => {
  const json = { suites: [], errors: [{}], stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0 } };
  expect(countPlaywright(json)).toMatchObject({ passed: 0, failed: 1 });
});

test('a step that failed never counts as a success, whatever its runner wrote', () => {
  expect(neverLess({ passed: 9, failed: 0, skipped: 0, tests: [] }, 1).failed).toBe(1);
  expect(neverLess({ passed: 9, failed: 2, skipped: 0, tests: [] }, 1).failed).toBe(2);
  expect(neverLess({ passed: 9, failed: 0, skipped: 0, tests: [] }, 0).failed).toBe(0);
});

const names = (only: string[] | null, filters: string[] = []) =>
  chosenSteps(only, filters).map((step) => step.name);

test('asking for the end-to-end tests builds the app first', () => {
  expect(names(['e2e'])).toEqual(['build', 'e2e']);
});

test('coverage is counted over the whole or where it is asked for, never silently over a part', () => {
  expect(names(null)).toContain('coverage');
  expect(names(null, ['merge'])).not.toContain('coverage');
  expect(names(['e2e', 'coverage'])).toEqual(['build-counted', 'e2e', 'coverage']);
});

test('a wrong step name is said, with the right ones', () => {
  expect(() => chosenSteps(['unti'], [])).toThrow(/"unti".*unit, api/);
});
