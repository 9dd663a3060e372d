import type { AppState, SyncStatus } from '../../shared/ipc/session.ts';

export interface DiagnosticParts {
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly arch: string;
  readonly state: AppState;
  readonly sync: SyncStatus | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly lines: readonly string[];
  readonly at: string;
}

/**
 * The text that a person sends to their admin: versions, numbers, codes and redacted log lines. No names, no
 * addresses, no values.
 */
export function diagnosticsText(parts: DiagnosticParts): string {
  const { state, sync } = parts;
  return [
    `Roadbook ${state.version} on ${parts.platform} ${parts.arch}, ${parts.at}`,
    section('Versions', pairs(parts.versions)),
    section('State', [`phase ${state.phase}`, `error ${state.error?.code ?? 'none'}`]),
    section('Sync', sync === null ? ['locked'] : syncLines(sync)),
    section('Records', pairs(parts.counts)),
    section('Log', parts.lines),
  ].join('\n\n');
}

function syncLines(sync: SyncStatus): string[] {
  return [
    `state ${sync.state}`,
    `waiting ${sync.waiting}`,
    `needs a person ${sync.needYou}`,
    `last sync ${sync.lastSyncAt ?? 'never'}`,
    `verified ${sync.verifiedAt ?? 'never'}`,
    `error ${sync.error?.code ?? 'none'}`,
  ];
}

function section(title: string, lines: readonly string[]): string {
  return [title, ...lines.map((line) => `  ${line}`)].join('\n');
}

function pairs(values: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(values).map(([name, value]) => `${name} ${String(value ?? 'unknown')}`);
}
