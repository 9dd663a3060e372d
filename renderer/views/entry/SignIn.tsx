import { Lock } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { AppState } from '../../../shared/ipc.ts';
import { asRoadbookError, call } from '../../bridge.ts';
import { Button } from '../../components/Button.tsx';
import { Field, Input } from '../../components/Field.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useAct } from '../../components/useAct.ts';
import { setAppState } from '../../state/app.ts';
import { EntryFrame } from './EntryFrame.tsx';
import { SecretInput } from './SecretInput.tsx';
import { StepStrip } from './Strip.tsx';
import { stepsFor } from './steps.ts';

type Place = 'server' | 'email' | 'password' | 'form';

/** Errors that belong to one input stand under it; the others above the button. */
const PLACES: Readonly<Record<string, Place>> = {
  'sync.bad_address': 'server',
  'sync.offline': 'server',
  'sync.in_between': 'server',
  'sync.not_trusted': 'server',
  'sync.client_too_old': 'server',
  'auth.bad_credentials': 'password',
};

/** First run: which server, and who. */
export function SignIn({ state }: { readonly state: AppState }) {
  const [server, setServer] = useState(state.suggestedServer);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState<Place | null>(null);
  const { busy, error, run } = useAct();
  const place = error === null ? null : (PLACES[error.code] ?? 'form');
  const at = (field: Place, label: string) => {
    if (missing === field) return `${label} is needed.`;
    return place === field ? `${error?.message} ${error?.hint}` : undefined;
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const first =
      server.trim() === '' ? 'server' : email.trim() === '' ? 'email' : password === '' ? 'password' : null;
    setMissing(first);
    if (first !== null || busy) return;
    void run(async () => {
      try {
        setAppState(await call('app.signIn', { server: server.trim(), email: email.trim(), password }));
      } catch (thrown) {
        if (asRoadbookError(thrown).code === 'auth.bad_credentials') setPassword('');
        throw thrown;
      }
    });
  };

  return (
    <EntryFrame
      title="Set up this device"
      lead="Sign in once with a connection. After that, everything works without one."
      strip={<StepStrip steps={stepsFor(state)} current={0} />}
      foot={
        <span className="row">
          <Icon of={Lock} size={14} tone={3} />
          Records are encrypted on this disk
        </span>
      }
      footEnd={<span className="n f11">{state.version}</span>}
    >
      <form className="entry-form" onSubmit={submit} noValidate>
        <Field
          label="Server"
          error={at('server', 'The address of the server')}
          hint="Your admin has the address."
        >
          {(control) => (
            <Input
              {...control}
              size="l"
              inputMode="url"
              placeholder="https://sync.example.com"
              value={server}
              onChange={(event) => setServer(event.target.value)}
            />
          )}
        </Field>
        <Field label="E-mail" error={at('email', 'Your e-mail address')}>
          {(control) => (
            <Input
              {...control}
              size="l"
              type="email"
              autoFocus
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field label="Password" error={at('password', 'Your password')}>
          {(control) => (
            <SecretInput
              {...control}
              what="password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        {place === 'form' && <Problem error={error} />}
        <Button type="submit" variant="primary" size="l" kbd="Enter" aria-disabled={busy}>
          {busy ? 'Signing in' : 'Sign in'}
        </Button>
      </form>
    </EntryFrame>
  );
}
