import { type FormEvent, useState } from 'react';
import type { AppState } from '../../../shared/ipc.ts';
import { call } from '../../bridge.ts';
import { Button } from '../../components/Button.tsx';
import { Field, Input } from '../../components/Field.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useAct } from '../../components/useAct.ts';
import { setAppState } from '../../state/app.ts';
import { EntryFrame } from './EntryFrame.tsx';
import { NewPassphrase, passphraseReady } from './NewPassphrase.tsx';
import { LockedStrip } from './Strip.tsx';

interface RecoverAccessProps {
  readonly state: AppState;
  readonly onBack: () => void;
}

/** The printed code opens the device, and a new passphrase takes the place of the forgotten one. */
export function RecoverAccess({ state, onBack }: RecoverAccessProps) {
  const [code, setCode] = useState('');
  const [value, setValue] = useState('');
  const [again, setAgain] = useState('');
  const [tried, setTried] = useState(false);
  const { busy, error, run } = useAct();
  const wrong = error?.code === 'store.wrong_recovery_code' || error?.code === 'key.too_many_tries';

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (code.trim() === '' || !passphraseReady(value, again) || busy) return;
    void run(async () =>
      setAppState(await call('app.unlock', { recoveryCode: code.trim(), newPassphrase: value })),
    );
  };

  return (
    <EntryFrame
      title="Use your recovery code"
      lead="The code that was printed when this device was set up. Your records and what waits to be sent stay as they are."
      strip={<LockedStrip />}
      foot={
        <span className="row">
          <span className="dot off" aria-hidden="true" />
          Locked
        </span>
      }
      footEnd={<span className="n f11">{state.version}</span>}
    >
      <form className="entry-form" onSubmit={submit} noValidate>
        <Field
          label="Recovery code"
          hint="Eight groups of four. Capitals and dashes do not matter."
          error={
            tried && code.trim() === ''
              ? 'Type the recovery code.'
              : wrong
                ? `${error?.message} ${error?.hint}`
                : undefined
          }
        >
          {(control) => (
            <Input
              {...control}
              size="l"
              figures
              autoFocus
              autoCapitalize="characters"
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
          )}
        </Field>
        <NewPassphrase value={value} again={again} onChange={setValue} onAgain={setAgain} tried={tried} />
        {!wrong && <Problem error={error} />}
        <Button type="submit" variant="primary" size="l" kbd="Enter" aria-disabled={busy}>
          {busy ? 'Unlocking' : 'Unlock with the new passphrase'}
        </Button>
      </form>
      <div className="entry-actions">
        <Button variant="ghost" onClick={onBack}>
          Back to the passphrase
        </Button>
      </div>
    </EntryFrame>
  );
}
