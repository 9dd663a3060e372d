import { type FormEvent, useState } from 'react';
import { call } from '../../bridge.ts';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useAct } from '../../components/useAct.ts';
import { useApp } from '../../state/app.ts';
import { RecoveryCode, useCodeCheck } from '../entry/RecoveryCode.tsx';
import { AskPassphrase } from './AskPassphrase.tsx';

interface NewCodeProps {
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** The passphrase, then the code, shown once. Left before it is confirmed, the old code stays good. */
export function NewCode({ onClose, onDone }: NewCodeProps) {
  const [code, setCode] = useState<string | null>(null);
  return code === null ? (
    <AskPassphrase
      title="Make a new recovery code"
      why="The code that you have opens this device until you have confirmed the new one."
      action="Show the new code"
      onClose={onClose}
      act={async (passphrase) => setCode((await call('keys.newRecoveryCode', { passphrase })).recoveryCode)}
    />
  ) : (
    <ShownCode code={code} onClose={onClose} onDone={onDone} />
  );
}

function ShownCode({ code, onClose, onDone }: NewCodeProps & { readonly code: string }) {
  const device = useApp((store) => store.state?.deviceName ?? '');
  const check = useCodeCheck(code);
  const { busy, error, run } = useAct();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!check.passed() || busy) return;
    void run(async () => {
      await call('keys.confirmRecoveryCode');
      onDone();
    });
  };
  return (
    <Dialog
      title="Keep this recovery code"
      onClose={onClose}
      width={480}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            Keep the old one
          </Button>
          <Button type="submit" form="new-code" variant="primary" aria-disabled={busy}>
            I have kept it
          </Button>
        </>
      }
    >
      <p className="m not-on-paper">
        It is shown only now: write it down or print it, and keep it away from the device.
      </p>
      <form id="new-code" className="ask-form" onSubmit={submit} noValidate>
        <RecoveryCode code={code} device={device} check={check} />
        <Problem error={error} />
      </form>
    </Dialog>
  );
}
