import type { SyncStatus } from '../../../shared/ipc.ts';

type Progress = NonNullable<SyncStatus['progress']>;

export interface ObjectProgress {
  readonly name: string;
  readonly here: number;
  readonly total: number;
  readonly state: 'done' | 'running' | 'waiting';
}

export interface FirstSync {
  readonly rows: number;
  readonly total: number;
  /** Whole percent; never 100 before everything is here. */
  readonly percent: number;
  /** null while the speed is not known, and when everything is here. */
  readonly secondsLeft: number | null;
  readonly objects: readonly ObjectProgress[];
}

/** Small tables that nobody thinks of one by one stand in one line. */
const LABELS: Readonly<Record<string, string>> = {
  definitions: 'Products and rules',
  products: 'Products and rules',
  directory: 'People and territories',
  accounts: 'Accounts',
  contacts: 'Contacts',
  leads: 'Leads',
  deals: 'Deals',
  activities: 'Activities',
  inbox: 'Inbox',
};

export function firstSync(progress: Progress): FirstSync {
  const lines = new Map<string, { here: number; total: number }>();
  for (const { name, here, total } of progress.collections) {
    const label = LABELS[name] ?? name;
    const line = lines.get(label) ?? { here: 0, total: 0 };
    lines.set(label, { here: line.here + here, total: line.total + total });
  }
  const missing = Math.max(0, progress.total - progress.rows);
  const share = progress.total === 0 ? (progress.done ? 1 : 0) : progress.rows / progress.total;
  return {
    rows: progress.rows,
    total: progress.total,
    percent: progress.done ? 100 : Math.min(99, Math.floor(share * 100)),
    secondsLeft:
      progress.done || missing === 0 || progress.rowsPerSecond <= 0
        ? null
        : Math.max(1, Math.round(missing / progress.rowsPerSecond)),
    objects: [...lines].map(([name, { here, total }]) => ({
      name,
      here,
      total,
      state: stateOf(here, total, progress),
    })),
  };
}

/** "9 s", "2 min": nobody needs the seconds of minutes. */
export function aboutTime(seconds: number): string {
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

function stateOf(here: number, total: number, progress: Progress): ObjectProgress['state'] {
  if (progress.done || (total > 0 && here >= total)) return 'done';
  return here > 0 ? 'running' : 'waiting';
}
