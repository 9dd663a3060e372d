import type { AuditEntry, RecordRow } from '../../../shared/ipc.ts';
import type { Stage } from '../../../shared/model/index.ts';

const DAY_MS = 86_400_000;

/**
 * Whole days that a deal spent in each stage, as far as this device knows: from the changes in its history, and for
 * the stage it stands in from the server's own mark where there is one. A stage without a known beginning has no days.
 * @param history newest first
 */
export function daysInStages(
  row: RecordRow,
  history: readonly AuditEntry[],
  now: Date,
): ReadonlyMap<string, number> {
  const spans = new Map<string, number>();
  const moves = history
    .filter((entry) => entry.field === 'stage' && entry.kind === 'change' && entry.state !== 'refused')
    .toReversed();
  const made = history.some((entry) => entry.kind === 'create') ? row.createdAt : undefined;
  let since = made;
  for (const move of moves) {
    if (since !== undefined && typeof move.from === 'string') add(spans, move.from, since, move.at);
    since = move.at;
  }
  const entered = moves.at(-1)?.at ?? text(row.body.stageEnteredAt) ?? made;
  const stage = text(row.body.stage);
  if (stage !== undefined && entered !== undefined) add(spans, stage, entered, now.toISOString());
  return new Map([...spans].map(([id, ms]) => [id, Math.floor(ms / DAY_MS)]));
}

export type Checkpoint = { readonly stage: Stage; readonly state: 'done' | 'current' | 'next' };

/** The road of a deal: open stages and the won one. A lost deal passed those before the stage it was lost in. */
export function checkpoints(
  stages: readonly Stage[],
  current: unknown,
  lostFrom: string | undefined,
): Checkpoint[] {
  const road = stages.filter((stage) => stage.outcome !== 'lost');
  const standing = stages.find((stage) => stage.id === current);
  const lost = standing?.outcome === 'lost';
  const at = road.findIndex((stage) => stage.id === (lost ? lostFrom : standing?.id));
  return road.map((stage, index) => ({
    stage,
    state:
      index < at || (index === at && stage.outcome === 'won')
        ? 'done'
        : index === at && !lost
          ? 'current'
          : 'next',
  }));
}

function add(spans: Map<string, number>, stage: string, from: string, to: string): void {
  spans.set(stage, (spans.get(stage) ?? 0) + Math.max(0, Date.parse(to) - Date.parse(from)));
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
