import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type EnvironmentOptions } from 'vite';
import { coverage } from './scripts/build/coverage-plugin.ts';

const instrumented = process.env.ROADBOOK_COVERAGE === '1';
const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const out = path(instrumented ? './out/app-cov' : './out/app');

// Native modules find their .node files beside themselves, so they stay outside the bundle.
const native = ['better-sqlite3-multiple-ciphers', 'argon2'];
const builtins = builtinModules.flatMap((name) => [name, `node:${name}`]);
const external = ['electron', /^electron\//, ...native, ...builtins, /^node:/];

const modules = (file: string) => path(`./node_modules/${file}`);
/** Their entries for Node are CommonJS, out of which nothing can be shaken: a megabyte that each start would read. */
const shakeable = [
  { find: /^rxjs$/, replacement: modules('rxjs/dist/esm/index.js') },
  { find: /^rxjs\/operators$/, replacement: modules('rxjs/dist/esm/operators/index.js') },
  { find: /^mingo\/query$/, replacement: modules('mingo/esm/query.js') },
  { find: /^mingo\/(core|util|operators\/\w+(?:\/\w+)?)$/, replacement: modules('mingo/esm/$1/index.js') },
];

/** What the two Node-side bundles share: everything pure is bundled, so that a package carries no loose modules. */
function nodeSide(build: EnvironmentOptions['build']): EnvironmentOptions {
  return {
    consumer: 'server',
    define: { 'process.env.NODE_ENV': JSON.stringify('production') },
    resolve: { noExternal: true, external: ['electron', ...native], builtins: [] },
    // node20 is the oldest Node inside a runtime that Roadbook starts on.
    build: { ssr: true, target: 'node20', sourcemap: true, minify: false, copyPublicDir: false, ...build },
  };
}

export default defineConfig({
  root: path('./renderer'),
  // Relative, because the pages are served from app://, where there is no site root to agree on.
  base: './',
  resolve: { alias: shakeable },
  plugins: [react(), ...(instrumented ? [coverage(path('.'))] : [])],
  environments: {
    client: {
      build: {
        outDir: `${out}/renderer`,
        emptyOutDir: true,
        target: 'chrome130',
        sourcemap: true,
        // The window's policy allows no data: fonts or scripts, so nothing may be inlined.
        assetsInlineLimit: 0,
        // One style sheet: rules keep the order in which they were written, whatever is loaded when.
        cssCodeSplit: false,
        modulePreload: { polyfill: false },
        chunkSizeWarningLimit: 4000,
        rolldownOptions: { input: path('./renderer/index.html') },
      },
    },
    main: nodeSide({
      outDir: `${out}/main`,
      emptyOutDir: true,
      rolldownOptions: {
        input: { main: path('./electron/main.ts'), worker: path('./electron/store/worker.ts') },
        external,
        output: { format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    }),
    preload: nodeSide({
      outDir: out,
      // The folder also holds the other two bundles.
      emptyOutDir: false,
      rolldownOptions: {
        input: { preload: path('./electron/preload.ts') },
        external,
        // A sandboxed preload can be neither ESM nor more than one file.
        output: { format: 'cjs', entryFileNames: 'preload.cjs', codeSplitting: false },
      },
    }),
  },
  builder: {
    async buildApp(builder) {
      for (const environment of Object.values(builder.environments)) await builder.build(environment);
    },
  },
});
