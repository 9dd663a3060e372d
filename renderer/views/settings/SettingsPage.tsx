import './settings.css';
import { Copy, FileText, Lock, Settings } from 'lucide-react';
import { useState } from 'react';
import type { RoadbookError } from '../../../shared/errors.ts';
import type { Preferences } from '../../../shared/ipc.ts';
import { asRoadbookError, call } from '../../bridge.ts';
import { Button, Segments } from '../../components/Button.tsx';
import { copyText } from '../../components/copy.ts';
import { Kbd, modifier } from '../../components/Kbd.tsx';
import { Logo } from '../../components/Logo.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useApp } from '../../state/app.ts';
import { setPreferences, usePreferences } from '../../state/preferences.ts';
import { setKeys } from '../../state/router.ts';
import { useSync } from '../../state/sync.ts';
import { PageHead } from '../shell/Page.tsx';
import { lock } from '../shell/Sidebar.tsx';
import { BackupsPart } from './BackupsPart.tsx';
import { DevicePart } from './DevicePart.tsx';
import { Line, Part } from './Part.tsx';
import { SafetyKeys } from './SafetyKeys.tsx';

const THEMES: readonly { value: Preferences['theme']; label: string }[] = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];
const DENSITIES: readonly { value: Preferences['density']; label: string }[] = [
  { value: 'dense', label: 'Dense' },
  { value: 'comfortable', label: 'Comfortable' },
];

const LOCKS: readonly { value: `${Preferences['lockMinutes']}`; label: string }[] = [
  { value: '5', label: '5 min' },
  { value: '15', label: '15 min' },
  { value: '60', label: '1 hour' },
  { value: '0', label: 'Never' },
];

const SYNCS: readonly { value: Preferences['sync']; label: string }[] = [
  { value: 'automatic', label: 'By itself' },
  { value: 'by-hand', label: 'By hand' },
];

/** How Roadbook looks on this device, how it is kept, and where to turn when something is wrong. */
export function SettingsPage() {
  const app = useApp((store) => store.state);
  const server = useSync((state) => state.status?.server ?? '');
  const theme = usePreferences((state) => state.theme);
  const density = usePreferences((state) => state.density);
  const lockMinutes = usePreferences((state) => state.lockMinutes);
  const sync = usePreferences((state) => state.sync);
  const [error, setError] = useState<RoadbookError | null>(null);
  const [copied, setCopied] = useState(false);
  const attempt = (act: () => Promise<unknown>) => {
    setError(null);
    act().catch((thrown: unknown) => setError(asRoadbookError(thrown)));
  };
  return (
    <>
      <PageHead icon={Settings} title="Settings">
        <span className="q f12">of this device</span>
      </PageHead>
      <div className="settings">
        <Problem error={error} />
        <Part title="Look">
          <Line label="Theme" note="Both follow the same rules of contrast.">
            <Segments
              label="Theme"
              value={theme}
              options={THEMES}
              onChange={(next) => attempt(() => setPreferences({ theme: next }))}
            />
          </Line>
          <Line label="Rows in lists" note="Dense shows more; comfortable is easier to press.">
            <Segments
              label="Rows in lists"
              value={density}
              options={DENSITIES}
              onChange={(next) => attempt(() => setPreferences({ density: next }))}
            />
          </Line>
          <Line label="Keys" note="Everything can be done without the mouse.">
            <Button kbd="?" onClick={() => setKeys(true)}>
              Show all keys
            </Button>
          </Line>
        </Part>
        <Part title="Safety">
          <Line
            label="Lock now"
            note="Closes the records. The passphrase opens them again, also without a connection."
          >
            <Button icon={Lock} onClick={() => lock()}>
              Lock
              <Kbd>{`${modifier} L`}</Kbd>
            </Button>
          </Line>
          <Line
            label="Lock by itself"
            note="After so long without a touch, and always before the machine sleeps."
          >
            <Segments
              label="Lock by itself"
              value={`${lockMinutes}`}
              options={LOCKS}
              onChange={(next) =>
                attempt(() => setPreferences({ lockMinutes: Number(next) as Preferences['lockMinutes'] }))
              }
            />
          </Line>
          <SafetyKeys />
        </Part>
        <Part title="Sync">
          <Line
            label="Send and fetch"
            note="By hand, nothing travels before you ask for it: for lines that are paid by the megabyte."
          >
            <Segments
              label="Send and fetch"
              value={sync}
              options={SYNCS}
              onChange={(next) => attempt(() => setPreferences({ sync: next }))}
            />
          </Line>
        </Part>
        <BackupsPart />
        <DevicePart />
        <Part title="Help">
          <Line label="Logs" note="What Roadbook did, without names, values or secrets.">
            <Button icon={FileText} onClick={() => attempt(() => call('help.showLogs'))}>
              Show logs
            </Button>
          </Line>
          <Line
            label="Diagnostics"
            note="Versions, numbers and the last errors, to send to your admin. No records."
          >
            <Button
              icon={Copy}
              onClick={() =>
                attempt(async () => setCopied(copyText((await call('help.copyDiagnostics')).text)))
              }
            >
              {copied ? 'Copied' : 'Copy diagnostics'}
            </Button>
          </Line>
        </Part>
        <Part title="About">
          <div className="row g12 about">
            <Logo size={32} />
            <div>
              <div className="bb">Roadbook</div>
              <div className="q f12">
                Version <span className="n">{app?.version}</span>
              </div>
            </div>
          </div>
          <dl className="about-facts">
            <dt>Company</dt>
            <dd>{app?.user?.tenantName}</dd>
            <dt>Signed in</dt>
            <dd>
              {app?.user?.name}, {app?.user?.email}
            </dd>
            <dt>Device</dt>
            <dd>{app?.deviceName}</dd>
            <dt>Server</dt>
            <dd className="n">{server}</dd>
          </dl>
        </Part>
      </div>
    </>
  );
}
