import { relative } from 'node:path';
import { createInstrumenter } from '@vitest/istanbul-lib-instrument';
import type { Plugin } from 'vite';

/** Appended to the Node-side entries of an instrumented build: writes the counters of its own thread to a file. */
const WRITER = `
import * as __covFs from 'node:fs';
import { threadId as __covThread } from 'node:worker_threads';
if (process.env.ROADBOOK_COVERAGE_DIR) {
  __covFs.mkdirSync(process.env.ROADBOOK_COVERAGE_DIR, { recursive: true });
  const file = process.env.ROADBOOK_COVERAGE_DIR + '/' + process.pid + '-' + __covThread + '-' + Date.now() + '.json';
  const write = () => __covFs.writeFileSync(file, JSON.stringify(globalThis.__coverage__ ?? {}));
  process.on('exit', write);
  // A terminated worker and a killed process never reach 'exit'.
  setInterval(write, 2000).unref();
}
`;

/**
 * Counts statements, branches and functions with istanbul in all three bundles. Runs after the TypeScript
 * transform and keeps the source map, as vitest does, so that both results merge line by line.
 */
export function coverage(root: string): Plugin {
  const instrumenter = createInstrumenter({
    coverageGlobalScopeFunc: false,
    coverageGlobalScope: 'globalThis',
    esModules: true,
    compact: false,
    produceSourceMap: true,
    autoWrap: false,
    ignoreLines: true,
    combineSourceMaps: false,
  });
  return {
    name: 'roadbook:coverage',
    enforce: 'post',
    transform(code, id) {
      const file = id.split('?', 1)[0] ?? id;
      const path = relative(root, file);
      if (!/^(shared|electron|renderer)\/.*\.tsx?$/.test(path)) return null;
      const { mappings, names, sources, sourcesContent } = this.getCombinedSourcemap();
      // Plain data, because it is written into the counters and read back where they are merged.
      const map = { version: 3 as const, file, mappings, names, sources, sourcesContent };
      const counted = instrumenter.instrumentSync(code, file, map);
      const entry = path === 'electron/main.ts' || path === 'electron/store/worker.ts';
      return { code: entry ? counted + WRITER : counted, map: JSON.stringify(instrumenter.lastSourceMap()) };
    },
  };
}
