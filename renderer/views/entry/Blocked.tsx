import { Copy, FileText } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { AppState, DeviceBackup } from '../../../shared/ipc.ts';
import { call } from '../../bridge.ts';
import { Button } from '../../components/Button.tsx';
import { copyText } from '../../components/copy.ts';
import { useAct } from '../../components/useAct.ts';
import { setAppState } from '../../state/app.ts';
import { blockedScreen } from './blocked.ts';
import { FactsPage } from './FactsPage.tsx';
import { OpenOlder } from './OpenOlder.tsx';
import { RestoreBackup } from './RestoreBackup.tsx';

const UNKNOWN = {
  code: 'internal',
  message: 'Something keeps the records from opening.',
  hint: 'Try again.',
  details: {},
};

/** The store cannot be opened: which of the ways it is, what to do, and what was left untouched. */
export function Blocked({ state }: { readonly state: AppState }) {
  const error = state.error ?? UNKNOWN;
  const { title, what, todo, kept, retry, ask, mayOpen, mayRestore } = blockedScreen(error);
  const [opening, setOpening] = useState(false);
  const [restoring, setRestoring] = useState(false);
  const backups = useBackups();
  const [copied, setCopied] = useState(false);
  const { busy, error: failed, run } = useAct();

  if (opening && mayOpen) return <OpenOlder state={state} onBack={() => setOpening(false)} />;
  if (restoring && mayRestore) {
    return <RestoreBackup state={state} backups={backups} onBack={() => setRestoring(false)} />;
  }
  return (
    <FactsPage
      title={title}
      lead={what}
      facts={[
        ['What to do', todo],
        ['What was kept', kept],
        [
          'If in doubt',
          <span key="ask" className="m">
            {ask}
          </span>,
        ],
      ]}
      foot={<span className="n f11">{error.code}</span>}
      version={state.version}
      error={failed}
      alert
    >
      <div className="facts-actions">
        <div className="row">
          <Button
            variant="primary"
            autoFocus
            kbd="Enter"
            aria-disabled={busy}
            onClick={() => {
              if (!busy) void run(async () => setAppState(await call('app.retry')));
            }}
          >
            {busy ? 'Looking' : retry}
          </Button>
          {mayRestore && backups.length > 0 && (
            <Button onClick={() => setRestoring(true)}>Restore a backup</Button>
          )}
          {mayOpen && <Button onClick={() => setOpening(true)}>Open it anyway</Button>}
        </div>
        <div className="row">
          <Button
            icon={Copy}
            onClick={() => {
              void run(async () => setCopied(copyText((await call('help.copyDiagnostics')).text)));
            }}
          >
            {copied ? 'Copied' : 'Copy diagnostics'}
          </Button>
          <Button
            variant="ghost"
            icon={FileText}
            onClick={() => void run(async () => void (await call('help.showLogs')))}
          >
            Show logs
          </Button>
        </div>
      </div>
    </FactsPage>
  );
}

/** Backups of this device; none while they are not known, or cannot be: the screen then offers what it always does. */
function useBackups(): readonly DeviceBackup[] {
  const [backups, setBackups] = useState<readonly DeviceBackup[]>([]);
  useEffect(() => {
    call('backups.list').then(
      ({ backups: found }) => setBackups(found),
      () => setBackups([]),
    );
  }, []);
  return backups;
}
