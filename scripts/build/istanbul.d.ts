// istanbul ships no types; these are the few calls that Roadbook makes. Node sees these CommonJS packages as one
// default export each.
declare module 'istanbul-lib-instrument' {
  export interface Instrumenter {
    instrumentSync(code: string, file: string, map?: object): string;
    lastSourceMap(): import('rolldown').SourceMap;
  }
  export function createInstrumenter(options: Record<string, boolean | string>): Instrumenter;
}

declare module 'istanbul-lib-coverage' {
  export type CoverageMapData = Record<string, object>;
  export interface CoverageMap {
    files(): string[];
    merge(other: CoverageMap): void;
    filter(keep: (path: string) => boolean): void;
    getCoverageSummary(): { toJSON(): unknown };
  }
  const coverage: { createCoverageMap(data: CoverageMapData): CoverageMap };
  export default coverage;
}

declare module 'istanbul-lib-source-maps' {
  import type { CoverageMap } from 'istanbul-lib-coverage';

  interface Store {
    transformCoverage(map: CoverageMap): Promise<CoverageMap>;
  }
  const sourceMaps: { createSourceMapStore(): Store };
  export default sourceMaps;
}

declare module 'istanbul-lib-report' {
  import type { CoverageMap } from 'istanbul-lib-coverage';
  export interface Context {
    readonly dir: string;
  }
  interface Options {
    dir: string;
    coverageMap: CoverageMap;
    defaultSummarizer: 'flat' | 'nested' | 'pkg';
  }
  const report: { createContext(options: Options): Context };
  export default report;
}

declare module 'istanbul-reports' {
  import type { Context } from 'istanbul-lib-report';

  interface Page {
    execute(context: Context): void;
  }
  const reports: { create(name: string, options?: Record<string, string>): Page };
  export default reports;
}
