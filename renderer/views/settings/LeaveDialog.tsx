import { Eraser } from 'lucide-react';
import { call } from '../../bridge.ts';
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx';
import { useSync } from '../../state/sync.ts';

interface LeaveDialogProps {
  readonly company: string;
  readonly onClose: () => void;
}

/** What leaving means, and how much waits, before it is done. */
export function LeaveDialog({ company, onClose }: LeaveDialogProps) {
  const waiting = useSync((state) => state.status?.waiting ?? 0);
  const needYou = useSync((state) => state.status?.needYou ?? 0);
  return (
    <ConfirmDialog
      title={`Leave ${company} on this device?`}
      facts={[
        waitingWords(waiting),
        ...(needYou === 0 ? [] : [inboxWords(needYou)]),
        'Forms that you have begun and not saved are lost.',
        'It needs a connection. Until everything is handed in, nothing is removed.',
      ]}
      final={Eraser}
      action="Hand in and wipe"
      doing="Asking the server"
      cancel="Stay"
      act={() => call('app.leave')}
      onClose={onClose}
    >
      <b>Records, key, backups and logs are removed from this device.</b> That cannot be undone here.
    </ConfirmDialog>
  );
}

function waitingWords(waiting: number): string {
  if (waiting === 0) return 'No change waits on this device.';
  return waiting === 1
    ? 'One change waits on this device; it is sent first.'
    : `${waiting} changes wait on this device; they are sent first.`;
}

function inboxWords(open: number): string {
  return `${open === 1 ? 'One item in your inbox is' : `${open} items in your inbox are`} still open. What the server could not apply is handed to an admin.`;
}
