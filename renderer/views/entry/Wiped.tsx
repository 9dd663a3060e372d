import type { AppState } from '../../../shared/ipc.ts';
import { call } from '../../bridge.ts';
import { Button } from '../../components/Button.tsx';
import { useAct } from '../../components/useAct.ts';
import { setAppState } from '../../state/app.ts';
import { FactsPage } from './FactsPage.tsx';
import { wipedWords } from './wiped.ts';

/** The company has had this device wiped: what happened, what became of the changes, and the way on. */
export function Wiped({ state }: { readonly state: AppState }) {
  const { title, lead, changes, next } = wipedWords(state.wiped, new Date());
  const { busy, error, run } = useAct();
  return (
    <FactsPage
      title={title}
      lead={lead}
      facts={[
        ['What was wiped', 'The key first, then the records, their backups, drafts and logs.'],
        ['Changes', changes],
        ['What now', next],
      ]}
      foot={<span className="f11">No records and no key are left on this device.</span>}
      version={state.version}
      error={error}
    >
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
    </FactsPage>
  );
}
