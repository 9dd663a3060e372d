import type { AuditEntry, RecordRow } from '../../../shared/ipc.ts';
import {
  type Body,
  entityOf,
  type FieldSpec,
  fieldOf,
  isCollection,
  isScopeField,
} from '../../../shared/model/index.ts';
import { may } from '../../../shared/rules/permissions.ts';
import { sameValue } from '../../../shared/sync/canonical.ts';

/** What putting back the old value of one change means for the record as it is now. */
export type PutBackPlan =
  | {
      readonly kind: 'edit';
      readonly label: string;
      /** The old value, as an edit of today. */
      readonly values: Body;
      /** What stands until then, so that the edit can be undone. */
      readonly before: Body;
    }
  /** It stands already. */
  | { readonly kind: 'stands'; readonly words: string }
  | { readonly kind: 'refused'; readonly words: string };

type Change = Pick<AuditEntry, 'kind' | 'collection' | 'field' | 'from'>;

/** The field that a change is about; undefined for everything else that stands in the history. */
export function changedField(entry: Change): FieldSpec | undefined {
  if (entry.kind !== 'change' || !isCollection(entry.collection)) return undefined;
  const entity = entityOf(entry.collection);
  return entity.editable ? fieldOf(entity, entry.field) : undefined;
}

/**
 * The history is never rewritten: an old value comes back as an edit like any other, with its rules and its own entry.
 * Rules about the value itself speak when it is saved.
 */
export function planPutBack(entry: Change, row: RecordRow, role: string): PutBackPlan {
  const spec = changedField(entry);
  if (spec === undefined || !isCollection(entry.collection)) {
    return { kind: 'refused', words: 'This entry changed no field that can be put back.' };
  }
  const { singular, labelPlural } = entityOf(entry.collection);
  const { label } = spec;
  if (spec.readOnly === true || spec.merge === 'computed') {
    return { kind: 'refused', words: `${label} is filled by Roadbook itself and cannot be put back.` };
  }
  if (spec.merge === 'immutable') {
    return { kind: 'refused', words: `${label} is fixed once it is written and cannot be put back.` };
  }
  if (!may(role, 'update', entry.collection)) {
    return { kind: 'refused', words: `Your role may not change ${labelPlural.toLowerCase()}.` };
  }
  if (row.deleted) {
    return {
      kind: 'refused',
      words: `This ${singular} is deleted. Restore it first, then put the value back.`,
    };
  }
  const now = standing(row, entry.field);
  const old = filled(entry.from);
  if (sameValue(now, old)) return { kind: 'stands', words: `${label} has this value now.` };
  return { kind: 'edit', label, values: { [entry.field]: old }, before: { [entry.field]: now } };
}

function standing(row: RecordRow, field: string): unknown {
  return filled(isScopeField(field) ? row[field] : row.body[field]);
}

/** Emptiness has one form. */
function filled(value: unknown): unknown {
  return value === undefined || value === '' ? null : value;
}
