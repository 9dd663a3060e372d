import type { AuditEntry, RecordRow, ViewSummary } from '../../../shared/ipc.ts';
import { entityOf, type Money, type Stage } from '../../../shared/model/index.ts';
import { ago, counted, date, instant, money, percent } from '../../format.ts';
import { dayOf } from '../../forms/dates.ts';
import { daysAway, isMoney, showValue } from '../../forms/show.ts';
import { daysInStages } from './stage-times.ts';
import { happenedAt } from './timeline.ts';

/** One figure of the strip under the head. `value` null: nothing is known, and that is said. */
export interface Highlight {
  readonly label: string;
  readonly value: string | null;
  readonly figures: boolean;
  readonly note: string;
}

export interface HighlightSource {
  readonly row: RecordRow;
  readonly history: readonly AuditEntry[];
  readonly activities: readonly RecordRow[];
  readonly names: Readonly<Record<string, string>>;
  readonly stages: readonly Stage[];
  /** Open and won deals of an account or a product; null until known, or where there is no such list. */
  readonly open: ViewSummary | null;
  readonly won: ViewSummary | null;
  readonly now: Date;
}

/** Six figures at most, all of them from what is on this device. */
export function highlights(source: HighlightSource): Highlight[] {
  switch (source.row.collection) {
    case 'deals':
      return dealHighlights(source);
    case 'accounts':
      return [
        ...sums(source),
        choice(source, 'type'),
        figure(source, 'employees'),
        amount(source, 'revenue', 'per year'),
        lastActivity(source),
      ];
    case 'products':
      return [
        amount(source, 'price', 'per unit'),
        ...sums(source),
        choice(source, 'family'),
        choice(source, 'active'),
      ];
    case 'leads':
      return [
        choice(source, 'status'),
        choice(source, 'rating'),
        amount(source, 'amount', 'expected'),
        day(source, 'nextFollowUp'),
        age(source),
        lastActivity(source),
      ];
    case 'contacts':
      return [choice(source, 'account'), choice(source, 'title'), ...sums(source), lastActivity(source)];
    case 'activities':
      return [
        choice(source, 'type'),
        choice(source, 'status'),
        choice(source, 'priority'),
        day(source, 'dueOn'),
      ];
    default:
      return [];
  }
}

function dealHighlights(source: HighlightSource): Highlight[] {
  const { row, history, stages, now } = source;
  const value = row.body.amount;
  const probability = typeof row.body.probability === 'number' ? row.body.probability : null;
  const stage = stages.find((candidate) => candidate.id === row.body.stage);
  const lines = Array.isArray(row.body.lineItems) ? row.body.lineItems.length : 0;
  const weighted = isMoney(value) && probability !== null ? weigh(value, probability) : null;
  const days = daysInStages(row, history, now).get(String(row.body.stage));
  const moved = history.filter((entry) => entry.field === 'closeDate' && entry.kind === 'change').length;
  const closed = stage !== undefined && stage.outcome !== 'open';
  const close = day(source, 'closeDate');
  return [
    {
      label: 'Amount',
      value: isMoney(value) ? money(value, 'auto') : null,
      figures: true,
      note: !isMoney(value)
        ? 'not known yet'
        : lines > 0
          ? `from ${counted(lines, 'line item', 'line items')}`
          : 'entered by hand',
    },
    {
      label: 'Weighted',
      value: weighted === null ? null : money(weighted, 'whole'),
      figures: true,
      note:
        probability === null ? 'no probability' : `${percent(probability)}${stage ? `, ${stage.name}` : ''}`,
    },
    {
      ...close,
      label: closed ? 'Close date' : 'Expected close',
      note: [close.value === null ? 'no date' : close.note, times(moved)].filter(Boolean).join(', '),
    },
    {
      label: 'Time in stage',
      value: days === undefined ? null : `${days} d`,
      figures: true,
      note: days === undefined ? 'since when is not known' : (stage?.name ?? ''),
    },
    choice(source, 'forecast'),
    lastActivity(source),
  ];
}

function weigh(value: Money, probability: number): Money {
  return { ...value, minor: Math.round((value.minor * probability) / 100) };
}

function times(moved: number): string {
  if (moved === 0) return '';
  return moved === 1 ? 'moved once' : `moved ${moved} times`;
}

function sums({ row, open, won }: HighlightSource): Highlight[] {
  // A contact has no deals of its own: these are those of its account.
  const where = row.collection === 'contacts' ? ' at account' : '';
  return [total(`Open deals${where}`, open), total(`Won${where}`, won)];
}

function total(label: string, summary: ViewSummary | null): Highlight {
  if (summary === null) return { label, value: null, figures: true, note: '' };
  const deals = counted(summary.count, 'deal', 'deals');
  const [sum] = summary.sums;
  if (sum === undefined) {
    const none = summary.count === 0;
    return {
      label,
      value: none ? '0' : null,
      figures: true,
      note: none ? deals : `${deals} without an amount`,
    };
  }
  return {
    label,
    value: money({ minor: sum.minor, currency: sum.currency }, 'whole'),
    figures: true,
    note: deals,
  };
}

function amount({ row }: HighlightSource, field: string, note: string): Highlight {
  const value = row.body[field];
  return {
    label: labelOf(row, field),
    value: isMoney(value) ? money(value, 'auto') : null,
    figures: true,
    note,
  };
}

function figure({ row, names }: HighlightSource, field: string): Highlight {
  const words = showValue(entityOf(row.collection as 'accounts').fields[field], row.body[field], { names });
  return { label: labelOf(row, field), value: words || null, figures: true, note: '' };
}

function choice({ row, names, stages }: HighlightSource, field: string): Highlight {
  const words = showValue(entityOf(row.collection as 'accounts').fields[field], row.body[field], {
    names,
    stages,
  });
  return { label: labelOf(row, field), value: words || null, figures: false, note: '' };
}

function day({ row, now }: HighlightSource, field: string): Highlight {
  const iso = row.body[field];
  const at = typeof iso === 'string' ? dayOf(iso) : null;
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  return {
    label: labelOf(row, field),
    value: at === null ? null : date(String(iso)),
    figures: true,
    note: at === null ? '' : daysAway(Math.round((at.getTime() - today.getTime()) / 86_400_000)),
  };
}

function age({ row, now }: HighlightSource): Highlight {
  return {
    label: 'Known for',
    value: ago(row.createdAt, now),
    figures: true,
    note: `since ${instant(row.createdAt, now)}`,
  };
}

function lastActivity({ activities, now }: HighlightSource): Highlight {
  const done = activities
    .filter((activity) => activity.body.type !== 'task' && happenedAt(activity) <= now.toISOString())
    .sort((a, b) => (happenedAt(a) < happenedAt(b) ? 1 : -1));
  const last = done[0];
  if (last === undefined)
    return { label: 'Last activity', value: null, figures: false, note: 'nothing logged yet' };
  const type = showValue(entityOf('activities').fields.type, last.body.type, { names: {} });
  return { label: 'Last activity', value: ago(happenedAt(last), now), figures: true, note: type };
}

function labelOf(row: RecordRow, field: string): string {
  return entityOf(row.collection as 'accounts').fields[field]?.label ?? field;
}
