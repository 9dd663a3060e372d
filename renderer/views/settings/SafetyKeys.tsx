import { KeyRound, Printer, Vault } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { KeychainStatus } from '../../../shared/ipc.ts';
import { call } from '../../bridge.ts';
import { Button } from '../../components/Button.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useAct } from '../../components/useAct.ts';
import { AskPassphrase } from './AskPassphrase.tsx';
import { ChangePassphrase } from './ChangePassphrase.tsx';
import { keychainLine } from './keychain-words.ts';
import { NewCode } from './NewCode.tsx';
import { Line } from './Part.tsx';

type Open = 'passphrase' | 'code' | 'keychain' | null;

/** What opens this device: the passphrase, the recovery code, and the keychain where a real one is here. */
export function SafetyKeys() {
  const [keychain, setKeychain] = useState<KeychainStatus | null>(null);
  const [open, setOpen] = useState<Open>(null);
  const [done, setDone] = useState('');
  const { busy, error, run, setError } = useAct();
  useEffect(() => {
    // Without an answer the line is left out; everything else opens the device all the same.
    call('keys.keychain').then(setKeychain, () => setKeychain(null));
  }, []);
  const show = (next: Open) => {
    setDone('');
    setError(null);
    setOpen(next);
  };
  const finish = (words: string) => {
    setOpen(null);
    setDone(words);
  };
  const line = keychain === null ? null : keychainLine(keychain);

  return (
    <>
      <Line
        label="Passphrase"
        note="Opens this device. Nothing is encrypted again, and the recovery code stays good."
      >
        <Button icon={KeyRound} onClick={() => show('passphrase')}>
          Change
        </Button>
      </Line>
      <Line
        label="Recovery code"
        note="Opens this device when the passphrase is forgotten. A new one ends the one that you have."
      >
        <Button icon={Printer} onClick={() => show('code')}>
          Make a new one
        </Button>
      </Line>
      {line !== null && (
        <Line label="Keychain of this computer" note={line.note}>
          <div className="row">
            {line.give !== null && (
              <Button icon={Vault} onClick={() => show('keychain')}>
                {line.give}
              </Button>
            )}
            {line.take && (
              <Button
                aria-disabled={busy}
                onClick={() => {
                  if (busy) return;
                  setDone('');
                  void run(async () => {
                    setKeychain(await call('keys.takeFromKeychain'));
                    setDone('The keychain does not have the key any more.');
                  });
                }}
              >
                Do not use it
              </Button>
            )}
          </div>
        </Line>
      )}
      <Problem error={error} />
      <p className="m f12 safety-done" role="status">
        {done}
      </p>
      {open === 'passphrase' && (
        <ChangePassphrase onClose={() => setOpen(null)} onDone={() => finish('The passphrase is changed.')} />
      )}
      {open === 'code' && (
        <NewCode
          onClose={() => setOpen(null)}
          onDone={() =>
            finish('The new recovery code counts from now on. The old one opens nothing any more.')
          }
        />
      )}
      {open === 'keychain' && (
        <AskPassphrase
          title="Let the keychain open Roadbook"
          why="Whoever is signed in to this computer as you can then open Roadbook without the passphrase."
          action="Give it the key"
          onClose={() => setOpen(null)}
          act={async (passphrase) => {
            setKeychain(await call('keys.giveToKeychain', { passphrase }));
            finish('The keychain opens Roadbook from now on. The passphrase still does.');
          }}
        />
      )}
    </>
  );
}
