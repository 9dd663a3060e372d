import { type FormEvent, useEffect, useRef, useState } from 'react';
import { call } from '../../bridge.ts';
import { Button } from '../../components/Button.tsx';
import { Field } from '../../components/Field.tsx';
import { useAct } from '../../components/useAct.ts';
import { setAppState, useApp } from '../../state/app.ts';
import { syncNow } from '../../state/sync.ts';
import { SecretInput } from '../entry/SecretInput.tsx';

/** The server has ended the session: the same person signs in again, and everything that waits is sent. */
export function SignInAgain({ server }: { readonly server: string }) {
  const email = useApp((store) => store.state?.user?.email ?? '');
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAct();
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (error !== null) input.current?.select();
  }, [error]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(password === '');
    if (password === '' || busy) return;
    void run(async () => {
      setAppState(await call('app.signIn', { server, email, password }));
      await syncNow();
    });
  };
  const wrong = error === null ? undefined : `${error.message} ${error.hint}`;

  return (
    <section className="sign-in-again" aria-label="Sign in again">
      <form onSubmit={submit} noValidate>
        <Field
          label={`Password of ${email}`}
          error={missing ? 'Type the password that you sign in with.' : wrong}
          hint="The password for the server, not the passphrase of this device."
        >
          {(control) => (
            <SecretInput
              {...control}
              ref={input}
              what="password"
              autoComplete="current-password"
              value={password}
              onChange={(event) => {
                setPassword(event.target.value);
                setMissing(false);
              }}
            />
          )}
        </Field>
        <Button type="submit" variant="primary" aria-disabled={busy}>
          {busy ? 'Signing in' : 'Sign in'}
        </Button>
      </form>
    </section>
  );
}
