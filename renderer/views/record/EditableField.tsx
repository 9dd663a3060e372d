import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { FieldSpec } from '../../../shared/model/index.ts';
import { sameValue } from '../../../shared/sync/canonical.ts';
import { asRoadbookError } from '../../bridge.ts';
import { useDraft } from '../../drafts/useDraft.ts';
import { FieldInput, isPicked } from '../../forms/FieldInput.tsx';
import { type InputValue, readInput, toInput } from '../../forms/input.ts';
import { Restored } from '../../forms/Restored.tsx';
import { navigate } from '../../state/router.ts';

/** What stood there when the edit began: the record may move on under an open input. */
interface Start {
  readonly rev: number;
  readonly value: unknown;
}

interface EditableFieldProps {
  readonly name: string;
  readonly spec: FieldSpec;
  readonly value: unknown;
  /** Revision of the record that is shown. */
  readonly rev: number;
  /** The value as it is read. */
  readonly children: ReactNode;
  readonly identity: string;
  readonly names: Readonly<Record<string, string>>;
  readonly choices?: Readonly<Record<string, string>> | undefined;
  readonly currency: string;
  readonly waiting: boolean;
  /** Open inbox item about this field. */
  readonly item: string | undefined;
  readonly readOnly: boolean;
  /** Opened by a draft that was found, or by a key. */
  readonly onSave: (value: unknown, from: Start) => Promise<void>;
  readonly onName: (id: string, name: string) => void;
}

/** A field of a record: read as text, edited where it stands. Enter saves, Esc leaves it as it was. */
export function EditableField(props: EditableFieldProps) {
  const {
    name,
    spec,
    value,
    rev,
    children,
    identity,
    names,
    choices,
    currency,
    waiting,
    item,
    readOnly,
    onSave,
    onName,
  } = props;
  const [input, setInput] = useState<InputValue>(null);
  const [editing, setEditing] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const editor = useRef<HTMLDivElement>(null);
  const errorId = useId();
  const [from, setFrom] = useState<Start>({ rev, value });
  const draft = useDraft(readOnly ? null : identity, (payload) => {
    const kept = payload as { input: InputValue; from: Start };
    setInput(kept.input);
    setFrom(kept.from);
    setEditing(true);
  });

  const focusValue = () => requestAnimationFrame(() => button.current?.focus());
  const start = () => {
    setInput(toInput(spec, value));
    setFrom({ rev, value });
    setError(null);
    setEditing(true);
  };
  const cancel = () => {
    draft.drop();
    setEditing(false);
    setError(null);
    focusValue();
  };
  const change = (next: InputValue) => {
    setInput(next);
    setError(null);
    draft.note({ input: next, from });
  };
  const save = (given: InputValue, refocus: boolean) => {
    const reading = readInput(name, spec, given, { currency, today: new Date() });
    if (!reading.ok) {
      setError(reading.message);
      return;
    }
    if (sameValue(reading.value ?? null, from.value ?? null)) {
      draft.drop();
      setEditing(false);
      if (refocus) focusValue();
      return;
    }
    // The page shows the new value at once; when it is refused, what was typed comes back with the reason.
    setEditing(false);
    if (refocus) focusValue();
    onSave(reading.value, from).then(
      () => draft.drop(),
      (thrown: unknown) => {
        setInput(given);
        setError(asRoadbookError(thrown).message);
        setEditing(true);
      },
    );
  };

  useEffect(() => {
    if (!editing) return;
    const first = editor.current?.querySelector<HTMLElement>('input, textarea, select, button.ref');
    first?.focus();
    if (first instanceof HTMLInputElement) first.select();
  }, [editing]);

  const onKeyDown = (event: KeyboardEvent) => {
    const written = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
    if (event.key === 'Escape') cancel();
    else if (
      event.key === 'Enter' &&
      written &&
      (spec.kind !== 'long-text' || event.ctrlKey || event.metaKey)
    ) {
      save(input, true);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const mark =
    item !== undefined ? (
      <button
        type="button"
        className="field-diamond"
        aria-label={`${spec.label} needs you: open it in the inbox`}
        title="Needs you: open in the inbox"
        onClick={() => navigate({ name: 'inbox', item })}
      >
        <span className="dia" aria-hidden="true" />
      </button>
    ) : waiting ? (
      <span className="dot un" role="img" aria-label="Saved here, not sent" title="Saved here, not sent" />
    ) : null;

  if (!editing) {
    return (
      <div className="fld">
        <span className="q fld-label">{spec.label}</span>
        <div className="fld-value">
          {readOnly ? (
            <span className="fld-read">
              {children}
              {mark}
            </span>
          ) : (
            <span className="fld-edit">
              {children}
              {mark}
              <button
                ref={button}
                type="button"
                className="fld-start"
                aria-label={`Edit ${spec.label.toLowerCase()}`}
                onClick={start}
              />
            </span>
          )}
        </div>
      </div>
    );
  }
  return (
    <div className="fld edit">
      <span className="q fld-label">{spec.label}</span>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of the input inside, which is what has the focus */}
      <div
        className="fld-input"
        ref={editor}
        onKeyDown={onKeyDown}
        onBlur={(event) => {
          const to = event.relatedTarget;
          const within = to instanceof Node && (editor.current?.contains(to) || isFloat(to));
          // Lists in popovers take the focus without ending the edit.
          // What came back from before a crash is saved by a clear yes only.
          const sure = draft.restoredAt === null && !isPicked(spec, choices);
          if (!within && sure && document.hasFocus()) save(input, false);
        }}
      >
        <Restored at={draft.restoredAt} onDiscard={cancel} />
        <FieldInput
          spec={spec}
          input={input}
          control={{
            'aria-label': spec.label,
            'aria-invalid': error === null ? undefined : true,
            'aria-describedby': error === null ? undefined : errorId,
          }}
          names={names}
          choices={choices}
          size="s"
          mode="place"
          currency={currency}
          onChange={change}
          onPick={(picked) => save(picked, true)}
          onName={onName}
          onClose={() => setEditing(false)}
        />
        {error !== null && (
          <div id={errorId} className="fld-error" role="alert">
            <span className="dia" aria-hidden="true" />
            {error}
          </div>
        )}
      </div>
    </div>
  );
}

function isFloat(element: Node): boolean {
  return element instanceof Element && element.closest('.float') !== null;
}
