import { KeyRound } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { AppState } from '../../../shared/ipc.ts';
import { call } from '../../bridge.ts';
import { Button } from '../../components/Button.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useAct } from '../../components/useAct.ts';
import { EntryFrame } from './EntryFrame.tsx';
import { NewPassphrase, passphraseReady } from './NewPassphrase.tsx';
import { StepStrip } from './Strip.tsx';
import { stepsFor } from './steps.ts';

interface PassphraseProps {
  readonly state: AppState;
  /** The recovery code, which the main process gives away once. */
  readonly onCode: (code: string) => void;
}

/** Chooses what opens this device from now on. */
export function Passphrase({ state, onCode }: PassphraseProps) {
  const [value, setValue] = useState('');
  const [again, setAgain] = useState('');
  const [tried, setTried] = useState(false);
  const { busy, error, run } = useAct();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!passphraseReady(value, again) || busy) return;
    void run(async () => onCode((await call('app.createPassphrase', { passphrase: value })).recoveryCode));
  };

  return (
    <EntryFrame
      title="Choose a passphrase"
      lead="It opens your records on this device, with or without a connection. It never leaves the device, so nobody can look it up for you."
      strip={<StepStrip steps={stepsFor(state)} current={1} />}
      foot={
        <span className="row">
          <Icon of={KeyRound} size={14} tone={3} />
          The key is made on this device
        </span>
      }
      footEnd={<span className="n f11">{state.version}</span>}
    >
      <form className="entry-form" onSubmit={submit} noValidate>
        <NewPassphrase
          focus
          value={value}
          again={again}
          onChange={setValue}
          onAgain={setAgain}
          tried={tried}
        />
        <Problem error={error} />
        <Button type="submit" variant="primary" size="l" kbd="Enter" aria-disabled={busy}>
          {busy ? 'Making the key' : 'Make the key'}
        </Button>
      </form>
    </EntryFrame>
  );
}
