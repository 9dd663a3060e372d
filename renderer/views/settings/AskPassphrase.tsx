import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { RoadbookError } from '../../../shared/errors.ts';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Field } from '../../components/Field.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useAct } from '../../components/useAct.ts';
import { SecretInput } from '../entry/SecretInput.tsx';

interface AskPassphraseProps {
  readonly title: string;
  readonly why: string;
  /** What the primary button says. */
  readonly action: string;
  /** Is handed the passphrase; what it throws is shown at the field. */
  readonly act: (passphrase: string) => Promise<void>;
  readonly onClose: () => void;
  /** More fields below. */
  readonly children?: ReactNode;
  /** False while those are not filled in. */
  readonly ready?: boolean;
  /** The person tried to go on. */
  readonly onTry?: () => void;
  readonly label?: string;
}

const AT_THE_FIELD = new Set<string>(['store.wrong_passphrase', 'key.too_many_tries']);

/** Asks for the passphrase before something is changed about what opens this device. */
export function AskPassphrase(props: AskPassphraseProps) {
  const { title, why, action, act, onClose, children, ready = true, onTry, label = 'Passphrase' } = props;
  const [passphrase, setPassphrase] = useState('');
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAct();
  const input = useRef<HTMLInputElement>(null);
  const wrong = error !== null && AT_THE_FIELD.has(error.code);
  useEffect(() => {
    if (wrong) input.current?.select();
  }, [wrong]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onTry?.();
    setMissing(passphrase === '');
    if (passphrase === '' || !ready || busy) return;
    void run(() => act(passphrase));
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      closable={!busy}
      footer={
        <>
          <Button variant="ghost" onClick={onClose} aria-disabled={busy}>
            Cancel
          </Button>
          <Button type="submit" form="ask-passphrase" variant="primary" aria-disabled={busy}>
            {action}
          </Button>
        </>
      }
    >
      <p className="m">{why}</p>
      <form id="ask-passphrase" className="ask-form" onSubmit={submit} noValidate>
        <Field label={label} error={missing ? 'Type your passphrase.' : wrong ? wordsOf(error) : undefined}>
          {(control) => (
            <SecretInput
              {...control}
              ref={input}
              what={label.toLowerCase()}
              autoComplete="current-password"
              value={passphrase}
              onChange={(event) => {
                setPassphrase(event.target.value);
                setMissing(false);
              }}
            />
          )}
        </Field>
        {children}
        {!wrong && <Problem error={error} />}
      </form>
    </Dialog>
  );
}

/** Without the way out that only the locked screen has. */
function wordsOf({ code, message }: RoadbookError): string {
  return code === 'store.wrong_passphrase'
    ? `${message} Check capital letters and the keyboard layout.`
    : message;
}
