import type { RecordRow } from '../../../shared/ipc.ts';
import {
  type Body,
  entityOf,
  fieldOf,
  isScopeField,
  type Money,
  type Stage,
} from '../../../shared/model/index.ts';
import { onStageChange } from '../../../shared/rules/stages.ts';
import { money, percent } from '../../format.ts';
import { isFigures, isMoney, showValue } from '../../forms/show.ts';
import type { InboxItem } from './items.ts';

export type Choice = 'device' | 'server' | 'other';

/** The value that a choice leaves on the record; undefined while another value is not readable yet. */
export function chosenValue(item: InboxItem, choice: Choice, other: unknown): unknown {
  switch (choice) {
    case 'device':
      return item.device?.value ?? null;
    case 'server':
      return item.server?.value ?? null;
    case 'other':
      return other;
  }
}

/** A value as a button names it: `$65,784`, `Proposal`. */
export function shortWords(
  item: Pick<InboxItem, 'spec'>,
  value: unknown,
  names: Readonly<Record<string, string>>,
  stages: readonly Stage[],
): string {
  if (isMoney(value)) return money(value, 'auto');
  return showValue(item.spec, value, { names, stages });
}

export interface PreviewLine {
  readonly label: string;
  readonly from: string;
  readonly to: string;
  readonly figures: boolean;
}

/** What would change on the record: the field itself, and what follows from it. */
export function preview(
  item: InboxItem,
  row: RecordRow,
  value: unknown,
  names: Readonly<Record<string, string>>,
  stages: readonly Stage[],
): PreviewLine[] {
  const { spec, field, collection } = item;
  if (spec === undefined || collection === null) return [];
  const words = (given: unknown) => shortWords(item, given, names, stages) || 'empty';
  const now = isScopeField(field) ? row[field] : row.body[field];
  const lines: PreviewLine[] = [
    { label: spec.label, from: words(now), to: words(value), figures: isFigures(spec) },
  ];
  if (collection === 'deals' && field === 'amount') {
    const probability = Number(row.body.probability ?? Number.NaN);
    if (Number.isFinite(probability) && isMoney(now) && isMoney(value)) {
      lines.push({
        label: `Weighted, ${percent(probability)}`,
        from: money(weigh(now, probability), 'whole'),
        to: money(weigh(value, probability), 'whole'),
        figures: true,
      });
    }
  }
  if (collection === 'deals' && field === 'stage' && typeof value === 'string' && value !== now) {
    const { probability } = onStageChange(value, stages);
    if (typeof probability === 'number' && probability !== row.body.probability) {
      const label = fieldOf(entityOf('deals'), 'probability')?.label ?? 'Probability';
      const before = row.body.probability;
      lines.push({
        label,
        from: typeof before === 'number' ? percent(before) : 'empty',
        to: percent(probability),
        figures: true,
      });
    }
  }
  return lines;
}

function weigh(value: Money, probability: number): Money {
  return { ...value, minor: Math.round((value.minor * probability) / 100) };
}

/** Which field would mend a refusal, by its code; null when it is the refused field itself. */
const MENDS: Readonly<Record<string, string>> = {
  'stage.lost_reason_required': 'lostReason',
  'stage.amount_required': 'amount',
  'stage.close_date_required': 'closeDate',
};

/** Fields to show for mending a refusal, in order. Empty where nothing that a person types would help. */
export function fieldsToMend(item: InboxItem): readonly string[] {
  const needed = MENDS[item.code];
  if (needed !== undefined) return [needed];
  const editable = item.spec !== undefined && item.spec.readOnly !== true && item.spec.kind !== 'items';
  const helps = ['record.invalid', 'integrity.reference', 'integrity.cycle', 'stage.unknown'].includes(
    item.code,
  );
  return editable && helps ? [item.field] : [];
}

/** What is sent again: the refused change together with what was missing, as one act. */
export function resendValues(item: InboxItem, mended: Body): Body {
  const asked = item.field === '' ? {} : { [item.field]: item.device?.value ?? null };
  return { ...item.others, ...asked, ...mended };
}
