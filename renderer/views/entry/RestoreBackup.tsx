import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { AppState, DeviceBackup } from '../../../shared/ipc.ts';
import { call } from '../../bridge.ts';
import { Button } from '../../components/Button.tsx';
import { Field } from '../../components/Field.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useAct } from '../../components/useAct.ts';
import { setAppState } from '../../state/app.ts';
import { describeBackup } from '../../state/backups.ts';
import { EntryFrame } from './EntryFrame.tsx';
import { SecretInput } from './SecretInput.tsx';
import { LockedStrip } from './Strip.tsx';

interface RestoreBackupProps {
  readonly state: AppState;
  readonly backups: readonly DeviceBackup[];
  readonly onBack: () => void;
}

/** A backup in the place of records that cannot be opened: which one, and the passphrase that opens it. */
export function RestoreBackup({ state, backups, onBack }: RestoreBackupProps) {
  const [chosen, setChosen] = useState(backups[0]?.id ?? '');
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
    void run(async () => setAppState(await call('backups.restore', { id: chosen, passphrase })));
  };

  return (
    <EntryFrame
      wide
      title="Restore a backup"
      lead="The records that cannot be opened are kept beside it. What the server has comes back with the next sync."
      strip={<LockedStrip />}
      foot={<span className="n f11">{state.error?.code}</span>}
      footEnd={<span className="n f11">{state.version}</span>}
    >
      <form className="entry-form" onSubmit={submit} noValidate>
        <fieldset className="backup-choice">
          <legend className="b">Backup</legend>
          {backups.map((backup) => {
            const { when, what } = describeBackup(backup);
            return (
              <label key={backup.id} className="backup-option">
                <input
                  type="radio"
                  name="backup"
                  checked={chosen === backup.id}
                  onChange={() => setChosen(backup.id)}
                />
                <span className="n">{when}</span>
                <span className="q f12">{what}</span>
              </label>
            );
          })}
        </fieldset>
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
            {busy ? 'Restoring' : 'Restore and open'}
          </Button>
          <Button variant="ghost" onClick={onBack}>
            Back
          </Button>
        </div>
      </form>
    </EntryFrame>
  );
}
