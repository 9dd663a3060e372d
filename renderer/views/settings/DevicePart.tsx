import { LogOut } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { useApp } from '../../state/app.ts';
import { LeaveDialog } from './LeaveDialog.tsx';
import { Line, Part } from './Part.tsx';

/** This device as the company knows it, and the way out. */
export function DevicePart() {
  const leaving = useApp((store) => store.state?.leaving === true);
  const company = useApp((store) => store.state?.user?.tenantName ?? 'the company');
  const [asking, setAsking] = useState(false);
  return (
    <Part title="This device">
      <Line
        label="Leave this company on this device"
        note={
          leaving
            ? `This device is leaving ${company}: it sends what waits here, and is wiped then.`
            : 'Hands in what waits here, then removes every record, the key and the backups from this device.'
        }
      >
        <Button icon={LogOut} aria-disabled={leaving} onClick={() => leaving || setAsking(true)}>
          {leaving ? 'Leaving' : 'Leave'}
        </Button>
      </Line>
      {asking && !leaving && <LeaveDialog company={company} onClose={() => setAsking(false)} />}
    </Part>
  );
}
