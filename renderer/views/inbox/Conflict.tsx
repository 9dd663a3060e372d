import { ArrowRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { RecordDetail } from '../../../shared/ipc.ts';
import type { Side, Stage } from '../../../shared/model/index.ts';
import { Avatar } from '../../components/Avatar.tsx';
import { Button } from '../../components/Button.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Kbd } from '../../components/Kbd.tsx';
import { instant } from '../../format.ts';
import { FieldInput } from '../../forms/FieldInput.tsx';
import { type InputValue, readInput, toInput } from '../../forms/input.ts';
import { isFigures } from '../../forms/show.ts';
import { useShortcuts } from '../../keys.ts';
import { useCompany } from '../record/useCompany.ts';
import { type Choice, chosenValue, preview, shortWords } from './choices.ts';
import type { InboxItem } from './items.ts';

interface ConflictProps {
  readonly item: InboxItem;
  readonly detail: RecordDetail | null;
  readonly names: Readonly<Record<string, string>>;
  readonly stages: readonly Stage[];
  readonly me: string;
  /** The keys 1 2 3 and Enter are meant for this item. */
  readonly active: boolean;
  readonly onName: (id: string, name: string) => void;
  readonly onApply: (choice: Choice, value: unknown, words: string) => void;
}

/** Two values that did not know of each other: side by side, and what would follow from each. */
export function Conflict({ item, detail, names, stages, me, active, onName, onApply }: ConflictProps) {
  const { currency, choicesOf } = useCompany();
  const [choice, setChoice] = useState<Choice>('device');
  const [input, setInput] = useState<InputValue>(() =>
    item.spec === undefined ? null : toInput(item.spec, null),
  );
  const [error, setError] = useState<string | null>(null);
  const { spec } = item;
  const reading =
    spec === undefined
      ? { ok: false as const, message: 'This field is not known here.' }
      : readInput(item.field, spec, input, { currency, today: new Date() });
  const readable = choice !== 'other' || (reading.ok && reading.value !== null);
  const value = chosenValue(item, choice, reading.ok ? reading.value : undefined);
  const words = readable ? shortWords(item, value, names, stages) || 'the empty value' : '';
  const lines = detail === null || !readable ? [] : preview(item, detail.row, value, names, stages);

  const choose = (next: Choice) => {
    setChoice(next);
    setError(null);
    requestAnimationFrame(() => {
      const place = document.getElementById(next === 'other' ? `other-${item.id}` : `${next}-${item.id}`);
      // The focus follows the choice: left on a button elsewhere, it would take the Enter that applies it.
      place?.querySelector<HTMLElement>('input, select, button')?.focus();
    });
  };
  const apply = () => {
    if (readable) onApply(choice, value, words);
    else setError(reading.ok ? 'Type the value to keep.' : reading.message);
  };
  useShortcuts(
    active
      ? { '1': () => choose('device'), '2': () => choose('server'), '3': () => choose('other'), enter: apply }
      : {},
  );

  const side = (which: 'device' | 'server', label: string, from: Side | null) => (
    <Option
      label={label}
      id={`${which}-${item.id}`}
      kbd={which === 'device' ? '1' : '2'}
      on={choice === which}
      onChoose={() => choose(which)}
    >
      <div className={isFigures(spec) ? 'n val' : 'val'}>
        {shortWords(item, from?.value, names, stages) || 'empty'}
      </div>
      {from !== null && <Who side={from} names={names} />}
    </Option>
  );

  return (
    <>
      <div className="ops" role="radiogroup" aria-label="Which value to keep">
        {side('device', item.device?.user === me ? 'Saved on your device' : 'Saved on a device', item.device)}
        {side('server', 'On the server', item.server)}
        <Option label="Another value" kbd="3" on={choice === 'other'} onChoose={() => choose('other')}>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter in the input inside applies it */}
          <div
            className="other"
            id={`other-${item.id}`}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
              event.preventDefault();
              apply();
            }}
          >
            {spec !== undefined && (
              <FieldInput
                spec={spec}
                input={input}
                control={{
                  'aria-label': `Another ${spec.label.toLowerCase()}`,
                  'aria-invalid': error === null ? undefined : true,
                }}
                names={names}
                choices={choicesOf(item.field, detail?.row.body ?? {})}
                mode="form"
                currency={currency}
                onChange={(next) => {
                  setInput(next);
                  setChoice('other');
                  setError(null);
                }}
                onName={onName}
              />
            )}
            {error !== null && (
              <p className="fld-error" role="alert">
                <span className="dia" aria-hidden="true" />
                {error}
              </p>
            )}
          </div>
          <p className="f12 q">
            Both were made without seeing the other, so neither is newer. The value you leave is kept in the
            history.
          </p>
        </Option>
      </div>
      {lines.length > 0 && (
        <div className="pv">
          <div className="h pv-head">Preview with {words}</div>
          {lines.map((line) => (
            <div className="pvr" key={line.label}>
              <span className="m tr">{line.label}</span>
              <span className={line.figures ? 'n st q tr' : 'st q tr'}>{line.from}</span>
              <Icon of={ArrowRight} size={14} tone={3} />
              <span className={line.figures ? 'n acc bb tr' : 'acc bb tr'}>{line.to}</span>
            </div>
          ))}
        </div>
      )}
      <div className="row pn-actions">
        <Button variant="primary" kbd={active ? 'Enter' : undefined} onClick={apply}>
          {readable ? `Keep ${words}` : 'Keep another value'}
        </Button>
        <span className="sp" />
        <span className="q f12">
          Saved here at once, sent when online. The other value stays in the history.
        </span>
      </div>
    </>
  );
}

interface OptionProps {
  readonly id?: string;
  readonly label: string;
  readonly kbd: string;
  readonly on: boolean;
  readonly onChoose: () => void;
  readonly children: ReactNode;
}

function Option({ id, label, kbd, on, onChoose, children }: OptionProps) {
  return (
    <div id={id} className={on ? 'op on' : 'op'}>
      <label className="row op-head">
        <input type="radio" className="rd" checked={on} onChange={onChoose} />
        <span className="b tr sp">{label}</span>
        <Kbd>{kbd}</Kbd>
      </label>
      {children}
    </div>
  );
}

function Who({ side, names }: { readonly side: Side; readonly names: Readonly<Record<string, string>> }) {
  const name = names[side.user] ?? 'Somebody';
  return (
    <>
      <div className="row who">
        <Avatar name={name} id={side.user} size="m" />
        <div className="tr who-words">
          <div className="b f12 tr">{name}</div>
          <div className="f12 q tr">
            {[names[side.device] ?? side.device, side.offline === true ? 'offline' : '']
              .filter(Boolean)
              .join(', ')}
          </div>
        </div>
      </div>
      {side.at !== '' && (
        <dl className="op-facts">
          <dt>Changed</dt>
          <dd className="n">{instant(side.at)}</dd>
        </dl>
      )}
    </>
  );
}
