import type { DeviceBackup } from '../../../shared/ipc.ts';
import { call } from '../../bridge.ts';
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx';
import { describeBackup } from '../../state/backups.ts';
import { useSync } from '../../state/sync.ts';

interface RestoreDialogProps {
  readonly backup: DeviceBackup;
  readonly onClose: () => void;
}

/** What going back means, before it is done. The window is loaded anew once the records are locked. */
export function RestoreDialog({ backup, onClose }: RestoreDialogProps) {
  const waiting = useSync((state) => state.status?.waiting ?? 0);
  const { when } = describeBackup(backup);
  return (
    <ConfirmDialog
      title="Go back to this backup?"
      facts={[
        waitingWords(waiting),
        'What is here now becomes a backup itself, so this can be undone.',
        'Roadbook locks. Your passphrase opens it again.',
      ]}
      action="Restore and lock"
      doing="Restoring"
      act={() => call('backups.restore', { id: backup.id })}
      onClose={onClose}
    >
      The records on this device become what they were on <b className="n">{when}</b>. What the server has
      comes back with the next sync.
    </ConfirmDialog>
  );
}

function waitingWords(waiting: number): string {
  if (waiting === 0) return 'Nothing waits to be sent.';
  return waiting === 1
    ? 'One change that waits to be sent is kept and still sent.'
    : `${waiting} changes that wait to be sent are kept and still sent.`;
}
