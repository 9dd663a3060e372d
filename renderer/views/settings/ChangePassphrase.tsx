import { useState } from 'react';
import { call } from '../../bridge.ts';
import { NewPassphrase, passphraseReady } from '../entry/NewPassphrase.tsx';
import { AskPassphrase } from './AskPassphrase.tsx';

interface ChangePassphraseProps {
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** The old passphrase once, the new one twice. */
export function ChangePassphrase({ onClose, onDone }: ChangePassphraseProps) {
  const [value, setValue] = useState('');
  const [again, setAgain] = useState('');
  const [tried, setTried] = useState(false);
  return (
    <AskPassphrase
      title="Change the passphrase"
      why="Your records stay as they are; only the lock is changed. The recovery code that you have stays good."
      label="Present passphrase"
      action="Change"
      ready={passphraseReady(value, again)}
      onTry={() => setTried(true)}
      onClose={onClose}
      act={async (passphrase) => {
        await call('keys.changePassphrase', { passphrase, newPassphrase: value });
        onDone();
      }}
    >
      <NewPassphrase
        label="New passphrase"
        value={value}
        again={again}
        onChange={setValue}
        onAgain={setAgain}
        tried={tried}
      />
    </AskPassphrase>
  );
}
