import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { out } from '../lib/paths.mjs';
import { reports } from './steps.mjs';

const SLOWEST = 10;
const seconds = (millis) => `${(millis / 1000).toFixed(1)} s`;

/** out/test-times.json: every test with its time, slowest first; out/test-times.xml: the runners' JUnit files in one. */
export function writeTimes(outcomes) {
  const tests = outcomes
    .flatMap(({ step, results }) => results.tests.map((test) => ({ step: step.name, ...test })))
    .sort((a, b) => b.millis - a.millis);
  const steps = outcomes.map(({ step, millis, state }) => ({
    step: step.name,
    state,
    millis: Math.round(millis),
  }));
  writeFileSync(join(out, 'test-times.json'), `${JSON.stringify({ steps, tests }, null, 2)}\n`);

  const suites = outcomes
    .map(({ step }) => `${reports}/${step.name}.xml`)
    .filter((file) => existsSync(file))
    .map((file) => /<testsuites[^>]*>([\s\S]*)<\/testsuites>/.exec(readFileSync(file, 'utf8'))?.[1] ?? '');
  writeFileSync(
    join(out, 'test-times.xml'),
    `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="roadbook">${suites.join('')}</testsuites>\n`,
  );
  return tests;
}

/** The table at the end, the slowest tests, and the one line that a machine reads. */
export function summarize(outcomes, tests, totalMillis) {
  const rows = outcomes.map(({ step, state, note, results, millis }) => [
    step.name,
    state,
    note ??
      (step.results ? `${results.passed} passed, ${results.failed} failed, ${results.skipped} skipped` : ''),
    seconds(millis),
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
  console.log('');
  for (const row of rows) {
    const cells = row.slice(0, 3).map((cell, column) => cell.padEnd(widths[column]));
    console.log(`  ${cells.join('  ')}  ${row[3].padStart(8)}`);
  }
  console.log(`  in all ${seconds(totalMillis)}; every test's time is in out/test-times.json`);
  if (tests.length > 0) {
    console.log('\n  slowest tests');
    for (const test of tests.slice(0, SLOWEST)) {
      console.log(`  ${seconds(test.millis).padStart(8)}  ${test.file}  ${test.name}`);
    }
  }
  const sum = (key) => outcomes.reduce((total, { results }) => total + results[key], 0);
  const skipped = sum('skipped');
  console.log(
    `\n${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
  );
}
