import { Archive } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import type { RoadbookError } from '../../../shared/errors.ts';
import type { DeviceBackup } from '../../../shared/ipc.ts';
import { asRoadbookError, call } from '../../bridge.ts';
import { Button } from '../../components/Button.tsx';
import { Problem } from '../../components/Problem.tsx';
import { describeBackup } from '../../state/backups.ts';
import { Line, Part } from './Part.tsx';
import { RestoreDialog } from './RestoreDialog.tsx';

/** Backups of the records on this device: what there is, one more, and the way back. */
export function BackupsPart() {
  const [backups, setBackups] = useState<readonly DeviceBackup[] | null>(null);
  const [making, setMaking] = useState(false);
  const [error, setError] = useState<RoadbookError | null>(null);
  const [restoring, setRestoring] = useState<DeviceBackup | null>(null);
  const failed = useCallback((thrown: unknown) => setError(asRoadbookError(thrown)), []);
  const look = useCallback(
    () => call('backups.list').then(({ backups: found }) => setBackups(found), failed),
    [failed],
  );
  useEffect(() => void look(), [look]);

  const make = () => {
    if (making) return;
    setMaking(true);
    setError(null);
    call('backups.make')
      .then(look, failed)
      .finally(() => setMaking(false));
  };

  return (
    <Part title="Backups">
      <Line
        label="Back up now"
        note="Once a day it happens by itself; one that you ask for is kept for 30 days. All stay here, encrypted like the records."
      >
        <Button icon={Archive} aria-disabled={making} onClick={make}>
          {making ? 'Backing up' : 'Back up'}
        </Button>
      </Line>
      <Problem error={error} />
      {backups?.map((backup) => (
        <BackupLine key={backup.id} backup={backup} onRestore={() => setRestoring(backup)} />
      ))}
      {backups?.length === 0 && <p className="q f12 no-backups">There is none yet.</p>}
      {restoring !== null && <RestoreDialog backup={restoring} onClose={() => setRestoring(null)} />}
    </Part>
  );
}

interface BackupLineProps {
  readonly backup: DeviceBackup;
  readonly onRestore: () => void;
}

function BackupLine({ backup, onRestore }: BackupLineProps) {
  const { when, what } = describeBackup(backup);
  return (
    <div className="setting">
      <div className="setting-words">
        <div className="n">{when}</div>
        <div className="q f12">{what}</div>
      </div>
      <Button variant="ghost" onClick={onRestore} aria-label={`Restore the backup of ${when}`}>
        Restore
      </Button>
    </div>
  );
}
