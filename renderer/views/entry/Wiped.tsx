import type { AppState } from '../../../shared/ipc.ts';
import { call } from '../../bridge.ts';
import { Button } from '../../components/Button.tsx';
import { setAppState } from '../../state/app.ts';
import { EntryFrame } from './EntryFrame.tsx';
import { Facts } from './Facts.tsx';
import { Problem } from './Problem.tsx';
import { LockedStrip } from './Strip.tsx';
import { useAct } from './useAct.ts';
import { wipedWords } from './wiped.ts';

/** The company has had this device wiped: what happened, what became of the changes, and the way on. */
export function Wiped({ state }: { readonly state: AppState }) {
  const { title, lead, changes, next } = wipedWords(state.wiped);
  const { busy, error, run } = useAct();
  return (
    <EntryFrame
      wide
      title={title}
      lead={lead}
      strip={<LockedStrip />}
      foot={<span className="f11">No records and no key are left on this device.</span>}
      footEnd={<span className="n f11">{state.version}</span>}
    >
      <div className="blocked">
        <Facts
          facts={[
            ['What was wiped', 'The key first, then the records, their backups, drafts and logs.'],
            ['Changes', changes],
            ['What now', next],
          ]}
        />
        <div className="blocked-actions">
          <div className="row">
            <Button
              variant="primary"
              autoFocus
              kbd="Enter"
              aria-disabled={busy}
              onClick={() => {
                if (!busy) void run(async () => setAppState(await call('app.setUpAgain')));
              }}
            >
              Set up this device again
            </Button>
          </div>
        </div>
        <Problem error={error} />
      </div>
    </EntryFrame>
  );
}
