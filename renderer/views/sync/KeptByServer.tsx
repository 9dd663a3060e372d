import '../../components/problem.css';
import type { HeldBack } from '../../../shared/ipc.ts';
import { call } from '../../bridge.ts';
import { Button } from '../../components/Button.tsx';
import { counted, instant } from '../../format.ts';
import { useSync } from '../../state/sync.ts';

interface KeptByServerProps {
  readonly heldBack: HeldBack;
  readonly now: Date;
}

/** Changes to records that this person does not see any more: said once, without the values that have left the device. */
export function KeptByServer({ heldBack, now }: KeptByServerProps) {
  const understood = () => {
    call('sync.understood').then(
      (status) => useSync.setState({ status }),
      // It stays where it is; the next click tries again.
      (error: Error) => console.warn('The note could not be put away.', error.name),
    );
  };
  return (
    <div className="problem" role="status">
      <div className="row">
        <span className="b sp">
          The server keeps {counted(heldBack.changes, 'change', 'changes')} of yours for your admin.
        </span>
        <Button variant="ghost" onClick={understood}>
          Understood
        </Button>
      </div>
      <div className="m f12">
        They were to records that you do not see any more, {instant(heldBack.at, now)}. Nothing is lost: your
        admin can apply them.
      </div>
    </div>
  );
}
