// istanbul ships no types; these are the few calls that Roadbook makes.
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
  export function createCoverageMap(data: CoverageMapData): CoverageMap;
}

declare module 'istanbul-lib-source-maps' {
  import type { CoverageMap } from 'istanbul-lib-coverage';
  export function createSourceMapStore(): { transformCoverage(map: CoverageMap): Promise<CoverageMap> };
}

declare module 'istanbul-lib-report' {
  import type { CoverageMap } from 'istanbul-lib-coverage';
  export interface Context {
    readonly dir: string;
  }
  export function createContext(options: {
    dir: string;
    coverageMap: CoverageMap;
    defaultSummarizer: 'flat' | 'nested' | 'pkg';
  }): Context;
}

declare module 'istanbul-reports' {
  import type { Context } from 'istanbul-lib-report';
  export function create(name: string, options?: Record<string, string>): { execute(context: Context): void };
}
