import { useState } from 'react';
import type { RecordRow } from '../../../shared/ipc.ts';
import { type Entity, type FieldSpec, scopeFields } from '../../../shared/model/index.ts';
import { instant } from '../../format.ts';
import { fieldIdentity } from './draft-names.ts';
import { EditableField } from './EditableField.tsx';
import { useCompany } from './useCompany.ts';
import type { OpenRecord } from './useRecord.ts';
import { Value } from './Value.tsx';

interface DetailsProps {
  readonly entity: Entity;
  readonly row: RecordRow;
  readonly record: OpenRecord;
  readonly names: Readonly<Record<string, string>>;
  readonly onName: (id: string, name: string) => void;
  readonly mayEdit: boolean;
}

/** Fields that stand elsewhere on the page, or that nobody reads one by one. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  deals: ['stage', 'contacts', 'lineItems', 'stageEnteredAt'],
  contacts: ['otherAccounts'],
  products: ['otherPrices'],
  activities: ['links', 'regardingCollection', 'checkIn'],
};

/** Every field of the record; the empty ones stand back until they are asked for. */
export function Details({ entity, row, record, names, onName, mayEdit }: DetailsProps) {
  const [all, setAll] = useState(false);
  const { currency, stagesOfDeal, choicesOf } = useCompany();
  const fields = fieldsOf(entity);
  const filled = fields.filter(([name]) => !isEmpty(fieldOfRow(row, name)));
  const empty = fields.filter(([name]) => isEmpty(fieldOfRow(row, name)));
  const stages = entity.name === 'deals' ? stagesOfDeal(row.body) : [];

  const line = ([name, spec]: readonly [string, FieldSpec]) => {
    const value = fieldOfRow(row, name);
    const target = name === 'regarding' ? String(row.body.regardingCollection ?? '') : undefined;
    return (
      <EditableField
        key={name}
        name={name}
        spec={spec}
        value={value}
        rev={row.rev}
        identity={fieldIdentity(entity.name as Parameters<typeof fieldIdentity>[0], row.id, name)}
        names={names}
        choices={choicesOf(name, row.body)}
        currency={currencyOf(value) ?? currency}
        waiting={record.waiting.has(name)}
        item={record.detail?.inbox[name]}
        readOnly={!mayEdit || spec.readOnly === true || spec.target === '*' || spec.kind === 'items'}
        onSave={(next, from) =>
          record.save({ [name]: next ?? null }, { rev: from.rev, values: { [name]: from.value ?? null } })
        }
        onName={onName}
      >
        {isEmpty(value) ? (
          <span className="q">—</span>
        ) : (
          <Value spec={spec} value={value} names={names} stages={stages} target={target} />
        )}
      </EditableField>
    );
  };

  return (
    <section className="details" aria-label="Details">
      <div className="row details-head">
        <h2 className="b">Details</h2>
        <span className="sp" />
        {empty.length > 0 && (
          <button type="button" className="quiet f12" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'Hide empty' : `${empty.length} empty hidden`}
          </button>
        )}
      </div>
      {/* In the model's own order, so that a field does not jump when it is filled. */}
      {fields.filter((field) => all || filled.includes(field)).map(line)}
      <Fixed label="Created" at={row.createdAt} />
      <Fixed label="Changed" at={row.updatedAt} />
    </section>
  );
}

function Fixed({ label, at }: { readonly label: string; readonly at: string }) {
  return (
    <div className="fld">
      <span className="q fld-label">{label}</span>
      <div className="fld-value">
        <span className="fld-read n tr">{instant(at)}</span>
      </div>
    </div>
  );
}

function fieldsOf(entity: Entity): (readonly [string, FieldSpec])[] {
  const hidden = ELSEWHERE[entity.name] ?? [];
  return [...Object.entries(entity.fields), ...Object.entries(scopeFields)].filter(
    ([name, spec]) => !hidden.includes(name) && spec.kind !== 'data',
  );
}

function fieldOfRow(row: RecordRow, name: string): unknown {
  return name in scopeFields ? row[name as keyof typeof scopeFields] : row.body[name];
}

function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

function currencyOf(value: unknown): string | undefined {
  const money = value as { currency?: unknown } | null;
  return typeof money === 'object' && typeof money?.currency === 'string' ? money.currency : undefined;
}
