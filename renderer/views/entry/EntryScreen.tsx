import { useEffect, useState } from 'react';
import type { AppState } from '../../../shared/ipc.ts';
import { Blocked } from './Blocked.tsx';
import { FirstSync } from './FirstSync.tsx';
import { Passphrase } from './Passphrase.tsx';
import { Preparing } from './Preparing.tsx';
import { RecoverAccess } from './RecoverAccess.tsx';
import { Recovery } from './Recovery.tsx';
import { SignIn } from './SignIn.tsx';
import { Unlock } from './Unlock.tsx';
import { Wiped } from './Wiped.tsx';

/** Everything before the records: which screen follows from the phase alone. */
export function EntryScreen({ state }: { readonly state: AppState }) {
  /** Held here between two screens, and nowhere else. */
  const [code, setCode] = useState<string | null>(null);
  const [recovering, setRecovering] = useState(false);

  useEffect(() => {
    if (state.phase !== 'recovery' && state.phase !== 'passphrase') setCode(null);
    if (state.phase !== 'locked') setRecovering(false);
  }, [state.phase]);

  if (state.preparing !== undefined) return <Preparing share={state.preparing} version={state.version} />;
  switch (state.phase) {
    case 'sign-in':
      return <SignIn state={state} />;
    case 'passphrase':
    case 'recovery':
      // The answer with the code and the event with the new phase come in either order.
      return code === null ? (
        <Passphrase state={state} onCode={setCode} />
      ) : (
        <Recovery state={state} code={code} />
      );
    case 'locked':
      return recovering ? (
        <RecoverAccess state={state} onBack={() => setRecovering(false)} />
      ) : (
        <Unlock state={state} onRecovery={() => setRecovering(true)} />
      );
    case 'first-sync':
      return <FirstSync state={state} />;
    case 'blocked':
      return <Blocked state={state} />;
    case 'wiped':
      return <Wiped state={state} />;
    case 'ready':
      return null;
  }
}
