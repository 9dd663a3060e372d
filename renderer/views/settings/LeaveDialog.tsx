import { useState } from 'react';
import type { RoadbookError } from '../../../shared/errors.ts';
import { asRoadbookError, call } from '../../bridge.ts';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { useSync } from '../../state/sync.ts';

interface LeaveDialogProps {
  readonly company: string;
  readonly onClose: () => void;
}

/** What leaving means, and how much waits, before it is done. */
export function LeaveDialog({ company, onClose }: LeaveDialogProps) {
  const waiting = useSync((state) => state.status?.waiting ?? 0);
  const needYou = useSync((state) => state.status?.needYou ?? 0);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<RoadbookError | null>(null);
  const leave = () => {
    if (busy) return;
    setBusy(true);
    setError(null);
    call('app.leave').then(onClose, (thrown: unknown) => {
      setError(asRoadbookError(thrown));
      setBusy(false);
    });
  };
  return (
    <Dialog
      title={`Leave ${company} on this device?`}
      onClose={onClose}
      closable={!busy}
      footer={
        <>
          <Button variant="ghost" onClick={onClose} aria-disabled={busy}>
            Stay
          </Button>
          <Button variant="primary" onClick={leave} aria-disabled={busy}>
            {busy ? 'Asking the server' : 'Hand in and wipe'}
          </Button>
        </>
      }
    >
      <p>
        <b>{waitingWords(waiting)}</b>
      </p>
      <ul className="restore-facts m">
        {needYou > 0 && (
          <li>
            {needYou === 1 ? 'One item' : `${needYou} items`} in your inbox {needYou === 1 ? 'is' : 'are'}{' '}
            still open. What the server could not apply is handed to an admin.
          </li>
        )}
        <li>Forms that you have begun and not saved are lost.</li>
        <li>
          Once nothing waits any more, records, key, backups and logs are removed from this device. That
          cannot be undone here.
        </li>
        <li>It needs a connection. Until it has handed in everything, nothing is removed.</li>
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

function waitingWords(waiting: number): string {
  if (waiting === 0) return 'No change waits on this device.';
  return waiting === 1
    ? 'One change waits on this device; it is sent first.'
    : `${waiting} changes wait on this device; they are sent first.`;
}
