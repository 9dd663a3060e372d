import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { AppState } from '../../../shared/ipc.ts';
import { call } from '../../bridge.ts';
import { Button } from '../../components/Button.tsx';
import { Field } from '../../components/Field.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useAct } from '../../components/useAct.ts';
import { setAppState } from '../../state/app.ts';
import { EntryFrame } from './EntryFrame.tsx';
import { Facts } from './Facts.tsx';
import { SecretInput } from './SecretInput.tsx';
import { LockedStrip } from './Strip.tsx';

interface OpenOlderProps {
  readonly state: AppState;
  readonly onBack: () => void;
}

/** The second look before records are opened that may be an old copy: what it costs, and the passphrase once more. */
export function OpenOlder({ state, onBack }: OpenOlderProps) {
  const [passphrase, setPassphrase] = useState('');
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAct();
  const input = useRef<HTMLInputElement>(null);
  const wrong = error?.code === 'store.wrong_passphrase' || error?.code === 'key.too_many_tries';

  useEffect(() => {
    if (error !== null) input.current?.select();
  }, [error]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(passphrase === '');
    if (passphrase === '' || busy) return;
    void run(async () => setAppState(await call('app.openOlder', { passphrase })));
  };

  return (
    <EntryFrame
      wide
      title="Open these records anyway?"
      lead="If a newer copy can still be found, go back and use that one first."
      strip={<LockedStrip />}
      foot={<span className="n f11">{state.error?.code}</span>}
      footEnd={<span className="n f11">{state.version}</span>}
    >
      <div className="facts-page">
        <Facts
          facts={[
            [
              'May be missing',
              <b key="lost">
                What was changed on this device after the copy was taken and had not been sent.
              </b>,
            ],
            ['Comes back', 'Everything that the server has: your part of it arrives with the next sync.'],
            [
              'Waits here',
              'Changes that wait in this copy are sent. What the server has already is not doubled.',
            ],
            ['Is noted', 'The audit log of this device keeps that the records were opened although older.'],
          ]}
        />
        <form className="entry-form" onSubmit={submit} noValidate>
          <Field
            label="Passphrase"
            error={missing ? 'Type your passphrase.' : wrong ? `${error?.message} ${error?.hint}` : undefined}
          >
            {(control) => (
              <SecretInput
                {...control}
                ref={input}
                what="passphrase"
                autoFocus
                autoComplete="current-password"
                value={passphrase}
                onChange={(event) => {
                  setPassphrase(event.target.value);
                  setMissing(false);
                }}
              />
            )}
          </Field>
          {!wrong && <Problem error={error} />}
          <div className="row">
            <Button type="submit" variant="primary" kbd="Enter" aria-disabled={busy}>
              {busy ? 'Opening' : 'Open the older records'}
            </Button>
            <Button variant="ghost" onClick={onBack}>
              Back
            </Button>
          </div>
        </form>
      </div>
    </EntryFrame>
  );
}
