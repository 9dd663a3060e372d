import type { SessionUser } from '../../../shared/sync/wire.ts';
import { Dialog } from '../../components/Dialog.tsx';
import { setPalette } from '../../state/router.ts';

export function Palette(_props: { readonly user: SessionUser }) {
  return (
    <Dialog title="Search" onClose={() => setPalette(false)}>
      {null}
    </Dialog>
  );
}
