import '../../components/problem.css';
import { CalendarClock, HardDrive, KeyRound, Laptop } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { AppState, Input } from '../../../shared/ipc.ts';
import { call } from '../../bridge.ts';
import { Button } from '../../components/Button.tsx';
import { Checkbox, Field } from '../../components/Field.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useAct } from '../../components/useAct.ts';
import { counted } from '../../format.ts';
import { setAppState } from '../../state/app.ts';
import { keychainLostWords } from '../settings/keychain-words.ts';
import { EntryFrame } from './EntryFrame.tsx';
import { greeting } from './greeting.ts';
import { notPlacedWords } from './not-placed.ts';
import { SecretInput } from './SecretInput.tsx';
import { LockedStrip } from './Strip.tsx';

interface UnlockProps {
  readonly state: AppState;
  readonly onRecovery: () => void;
}

/** The locked device. Nothing on it comes from the records, not even whose they are. */
export function Unlock({ state, onRecovery }: UnlockProps) {
  const [passphrase, setPassphrase] = useState('');
  const [missing, setMissing] = useState(false);
  const [renew, setRenew] = useState(false);
  const [tried, setTried] = useState(false);
  const { busy, error, run } = useAct();
  const input = useRef<HTMLInputElement>(null);
  const lost = state.keychainLost;
  const wrong = error?.code === 'store.wrong_passphrase' || error?.code === 'key.too_many_tries';

  useEffect(() => {
    // A wrong passphrase is typed again: the cursor stands where that is done.
    if (error !== null) input.current?.select();
  }, [error]);

  const unlock = (input: Input<'app.unlock'>) => {
    setTried(true);
    void run(async () => setAppState(await call('app.unlock', input)));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(passphrase === '');
    if (passphrase === '' || busy) return;
    const input = renew ? { passphrase, giveToKeychain: true } : { passphrase };
    unlock(input);
  };

  return (
    <EntryFrame
      title={greeting(new Date())}
      lead="Your records on this device are locked. No connection needed to open them."
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
        <div className="row entry-card">
          <Icon of={Laptop} />
          <div className="tr">
            <div className="b tr">This device</div>
            <div className="f12 q">Encrypted on this disk</div>
          </div>
        </div>
        {state.error !== null && !tried && <Note {...notPlacedWords(state.error)} />}
        {lost !== undefined && <Note {...keychainLostWords(lost)} />}
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
        {lost !== undefined && lost.now !== '' && (
          <Checkbox
            label="Open with this keychain from now on"
            checked={renew}
            onChange={(event) => setRenew(event.target.checked)}
          />
        )}
        {/* The note above says it better. */}
        {!wrong && error?.code !== 'key.keychain_changed' && <Problem error={error} />}
        <Button type="submit" variant="primary" size="l" kbd="Enter" aria-disabled={busy}>
          {busy ? 'Unlocking' : 'Unlock'}
        </Button>
      </form>
      <div className="entry-actions">
        {state.keychain && (
          <Button
            variant="ghost"
            icon={KeyRound}
            onClick={() => {
              if (!busy) unlock({});
            }}
          >
            Use the keychain
          </Button>
        )}
        <Button variant="ghost" onClick={onRecovery}>
          Use recovery code
        </Button>
      </div>
      <div className="row f12 m entry-note">
        <Icon of={HardDrive} size={14} tone={3} />
        <span>{waitingLine(state.waiting)}</span>
      </div>
      {state.due !== null && state.due > 0 && (
        <div className="row f12 m entry-note">
          <Icon of={CalendarClock} size={14} tone={3} />
          <span>{dueLine(state.due)}</span>
        </div>
      )}
    </EntryFrame>
  );
}

/** What is to be known before the device is opened. */
function Note({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <div className="problem" role="status">
      <div className="b">{title}</div>
      <div className="m f12">{text}</div>
    </div>
  );
}

/** Without content: that something is due. */
export function dueLine(due: number): string {
  return `${counted(due, 'activity', 'activities')} ${due === 1 ? 'is' : 'are'} due.`;
}

/** Without content: how many changes wait, and that they are safe. */
export function waitingLine(waiting: number | null): string {
  if (waiting === null)
    return 'Changes made here wait here until they are sent. Signing out or updating never drops them.';
  if (waiting === 0) return 'Everything made here has been sent.';
  const verb = waiting === 1 ? 'waits' : 'wait';
  const them = waiting === 1 ? 'it' : 'them';
  return `${counted(waiting, 'change', 'changes')} ${verb} here. Signing out or updating never drops ${them}.`;
}
