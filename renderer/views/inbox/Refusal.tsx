import { ArrowRight, Send } from 'lucide-react';
import { useState } from 'react';
import type { RecordDetail } from '../../../shared/ipc.ts';
import { type Body, entityOf, type Stage } from '../../../shared/model/index.ts';
import { Button } from '../../components/Button.tsx';
import { Icon } from '../../components/Icon.tsx';
import { StageMark } from '../../components/Marks.tsx';
import { FieldInput } from '../../forms/FieldInput.tsx';
import { type InputValue, readInput, toInput } from '../../forms/input.ts';
import { isFigures } from '../../forms/show.ts';
import { useShortcuts } from '../../keys.ts';
import { useCompany } from '../record/useCompany.ts';
import { fieldsToMend, resendValues, shortWords } from './choices.ts';
import type { InboxItem } from './items.ts';

interface RefusalProps {
  readonly item: InboxItem;
  readonly detail: RecordDetail | null;
  readonly names: Readonly<Record<string, string>>;
  readonly stages: readonly Stage[];
  readonly active: boolean;
  readonly onName: (id: string, name: string) => void;
  readonly onResend: (values: Body) => void;
  readonly onTakeBack: () => void;
}

/** A change that a rule of the server refused: what was asked, why not, and what would mend it. */
export function Refusal({ item, detail, names, stages, active, onName, onResend, onTakeBack }: RefusalProps) {
  const { currency, choicesOf } = useCompany();
  const mend = item.collection === null ? [] : fieldsToMend(item);
  const entity = item.collection === null ? null : entityOf(item.collection);
  const [inputs, setInputs] = useState<Readonly<Record<string, InputValue>>>({});
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const canResend = item.field !== '' && detail !== null && !detail.row.deleted;

  const inputOf = (name: string): InputValue => {
    if (Object.hasOwn(inputs, name)) return inputs[name];
    const spec = entity?.fields[name];
    if (spec === undefined) return null;
    const start = name === item.field ? item.device?.value : detail?.row.body[name];
    return toInput(spec, start ?? null);
  };
  const resend = () => {
    const values: Body = {};
    const wrong: Record<string, string> = {};
    for (const name of mend) {
      const spec = entity?.fields[name];
      if (spec === undefined) continue;
      const reading = readInput(name, spec, inputOf(name), { currency, today: new Date() });
      if (!reading.ok) wrong[name] = reading.message;
      else if (reading.value === null) wrong[name] = `${spec.label} is needed.`;
      else values[name] = reading.value;
    }
    setErrors(wrong);
    if (Object.keys(wrong).length === 0) onResend(resendValues(item, values));
  };
  useShortcuts(active && canResend ? { enter: resend } : {});

  return (
    <>
      <div className="rej">
        {item.field !== '' && (
          <div className="rr">
            <span className="m">You asked for</span>
            <span className="row tr">
              <Words item={item} value={item.server?.value ?? item.base} names={names} stages={stages} from />
              <Icon of={ArrowRight} size={14} tone={3} />
              <Words item={item} value={item.device?.value} names={names} stages={stages} />
            </span>
          </div>
        )}
        <div className="rr">
          <span className="m">Reason</span>
          <span className="b">{item.reason || 'The server gave no reason.'}</span>
        </div>
        {mend.map((name) => {
          const spec = entity?.fields[name];
          if (spec === undefined) return null;
          return (
            <div className="rr" key={name}>
              <span className="m">{spec.label}</span>
              {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter in the input inside sends it */}
              <div
                className="rr-input"
                onKeyDown={(event) => {
                  if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
                  event.preventDefault();
                  resend();
                }}
              >
                <FieldInput
                  spec={spec}
                  input={inputOf(name)}
                  control={{
                    'aria-label': spec.label,
                    'aria-invalid': errors[name] === undefined ? undefined : true,
                  }}
                  names={names}
                  choices={choicesOf(name, detail?.row.body ?? {})}
                  size="s"
                  mode="form"
                  needed
                  currency={currency}
                  onChange={(input) => {
                    setInputs({ ...inputs, [name]: input });
                    setErrors(({ [name]: _mended, ...others }) => others);
                  }}
                  onName={onName}
                />
                {errors[name] !== undefined && (
                  <p className="fld-error" role="alert">
                    <span className="dia" aria-hidden="true" />
                    {errors[name]}
                  </p>
                )}
              </div>
            </div>
          );
        })}
      </div>
      <div className="row pn-actions">
        {canResend && (
          <Button variant="primary" icon={Send} kbd={active ? 'Enter' : undefined} onClick={resend}>
            {mend.length > 0 ? 'Edit and resend' : 'Send again'}
          </Button>
        )}
        <Button variant={canResend ? 'ghost' : 'default'} onClick={onTakeBack}>
          Take my change back
        </Button>
        <span className="sp" />
        <span className="n q f11">{item.code}</span>
      </div>
    </>
  );
}

interface WordsProps {
  readonly item: InboxItem;
  readonly value: unknown;
  readonly names: Readonly<Record<string, string>>;
  readonly stages: readonly Stage[];
  readonly from?: boolean;
}

function Words({ item, value, names, stages, from = false }: WordsProps) {
  const stage = item.field === 'stage' ? stages.find((candidate) => candidate.id === value) : undefined;
  if (stage !== undefined) return <StageMark stage={stage} stages={stages} />;
  const face = isFigures(item.spec) ? 'n tr' : 'tr';
  return (
    <span className={from ? `${face} st q` : face}>{shortWords(item, value, names, stages) || 'empty'}</span>
  );
}
