import type { FormEvent } from 'react';
import type { AppState } from '../../../shared/ipc.ts';
import { call } from '../../bridge.ts';
import { Button } from '../../components/Button.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useAct } from '../../components/useAct.ts';
import { setAppState } from '../../state/app.ts';
import { EntryFrame } from './EntryFrame.tsx';
import { RecoveryCode, useCodeCheck } from './RecoveryCode.tsx';
import { StepStrip } from './Strip.tsx';
import { stepsFor } from './steps.ts';

interface RecoveryProps {
  readonly state: AppState;
  readonly code: string;
}

/** The recovery code, shown once. Going on needs one of its groups, so that nobody clicks past it. */
export function Recovery({ state, code }: RecoveryProps) {
  const check = useCodeCheck(code);
  const { busy, error, run } = useAct();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!check.passed() || busy) return;
    void run(async () => setAppState(await call('app.confirmRecovery')));
  };

  return (
    <EntryFrame
      title="Keep this recovery code"
      lead="It opens this device when the passphrase is forgotten. It is shown only now: write it down or print it, and keep it away from the device."
      strip={<StepStrip steps={stepsFor(state)} current={1} />}
      foot={<span>Roadbook keeps no copy</span>}
      footEnd={<span className="n f11">{state.version}</span>}
    >
      <form className="entry-form" onSubmit={submit} noValidate>
        <RecoveryCode code={code} device={state.deviceName} check={check} />
        <div className="not-on-paper entry-form">
          <Problem error={error} />
          <Button type="submit" variant="primary" size="l" kbd="Enter" aria-disabled={busy}>
            I have kept it, go on
          </Button>
        </div>
      </form>
    </EntryFrame>
  );
}
