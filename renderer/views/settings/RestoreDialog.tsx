import { useState } from 'react';
import type { RoadbookError } from '../../../shared/errors.ts';
import type { DeviceBackup } from '../../../shared/ipc.ts';
import { asRoadbookError, call } from '../../bridge.ts';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { describeBackup } from '../../state/backups.ts';
import { useSync } from '../../state/sync.ts';

interface RestoreDialogProps {
  readonly backup: DeviceBackup;
  readonly onClose: () => void;
}

/** What going back means, before it is done. */
export function RestoreDialog({ backup, onClose }: RestoreDialogProps) {
  const waiting = useSync((state) => state.status?.waiting ?? 0);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<RoadbookError | null>(null);
  const { when } = describeBackup(backup);
  const restore = () => {
    if (busy) return;
    setBusy(true);
    setError(null);
    // The window is loaded anew once the records are locked.
    call('backups.restore', { id: backup.id }).catch((thrown: unknown) => {
      setError(asRoadbookError(thrown));
      setBusy(false);
    });
  };
  return (
    <Dialog
      title="Go back to this backup?"
      onClose={onClose}
      closable={!busy}
      footer={
        <>
          <Button variant="ghost" onClick={onClose} aria-disabled={busy}>
            Cancel
          </Button>
          <Button variant="primary" onClick={restore} aria-disabled={busy}>
            {busy ? 'Restoring' : 'Restore and lock'}
          </Button>
        </>
      }
    >
      <p>
        The records on this device become what they were on <b className="n">{when}</b>. What the server has
        comes back with the next sync.
      </p>
      <ul className="restore-facts m">
        <li>
          {waiting === 0
            ? 'Nothing waits to be sent.'
            : `${waiting === 1 ? 'One change that waits' : `${waiting} changes that wait`} to be sent ${waiting === 1 ? 'is' : 'are'} kept and still sent.`}
        </li>
        <li>What is here now becomes a backup itself, so this can be undone.</li>
        <li>Roadbook locks. Your passphrase opens it again.</li>
      </ul>
      {error !== null && (
        <div className="problem" role="alert">
          <div className="b">{error.message}</div>
          <div className="m f12">{error.hint}</div>
        </div>
      )}
    </Dialog>
  );
}
