import { Copy, Printer } from 'lucide-react';
import { type FormEvent, useMemo, useState } from 'react';
import type { AppState } from '../../../shared/ipc.ts';
import { call } from '../../bridge.ts';
import { Button } from '../../components/Button.tsx';
import { copyText } from '../../components/copy.ts';
import { Field, Input } from '../../components/Field.tsx';
import { setAppState } from '../../state/app.ts';
import { EntryFrame } from './EntryFrame.tsx';
import { Problem } from './Problem.tsx';
import { codeGroups, sameGroup } from './passphrase.ts';
import { StepStrip } from './Strip.tsx';
import { stepsFor } from './steps.ts';
import { useAct } from './useAct.ts';

interface RecoveryProps {
  readonly state: AppState;
  readonly code: string;
}

/** The recovery code, shown once. Going on needs one of its groups, so that nobody clicks past it. */
export function Recovery({ state, code }: RecoveryProps) {
  const groups = useMemo(() => codeGroups(code), [code]);
  const [asked] = useState(() => Math.floor(Math.random() * groups.length));
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const [copied, setCopied] = useState(false);
  const { busy, error, run } = useAct();
  const right = sameGroup(typed, groups[asked]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!right || busy) return;
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
      <div className="on-paper">
        <p className="b">Roadbook recovery code, {state.deviceName}</p>
      </div>
      <form className="entry-form" onSubmit={submit} noValidate>
        <ol className="code" aria-label="Recovery code">
          {groups.map((group, index) => (
            // Groups may be equal by chance; their place is what tells them apart.
            // biome-ignore lint/suspicious/noArrayIndexKey: fixed list
            <li key={index} data-asked={index === asked ? '' : undefined}>
              <span className="n q f11">{index + 1}</span>
              <span className="n">{group}</span>
            </li>
          ))}
        </ol>
        <div className="row not-on-paper">
          <Button
            icon={Copy}
            onClick={() => {
              setCopied(copyText(code));
            }}
          >
            {copied ? 'Copied' : 'Copy'}
          </Button>
          <Button icon={Printer} onClick={() => window.print()}>
            Print
          </Button>
        </div>
        <div className="not-on-paper entry-form">
          <Field
            label={`Type group ${asked + 1} to show that you have it`}
            error={tried && !right ? `This is not group ${asked + 1} of the code.` : undefined}
          >
            {(control) => (
              <Input
                {...control}
                size="l"
                figures
                maxLength={12}
                value={typed}
                onChange={(event) => {
                  setTyped(event.target.value);
                  setTried(false);
                }}
              />
            )}
          </Field>
          <Problem error={error} />
          <Button type="submit" variant="primary" size="l" kbd="Enter" aria-disabled={busy}>
            I have kept it, go on
          </Button>
        </div>
      </form>
    </EntryFrame>
  );
}
