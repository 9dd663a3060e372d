import { entityOf } from '../../../shared/model/index.ts';
import { Dialog } from '../../components/Dialog.tsx';
import type { CreateRequest } from '../../state/router.ts';

export function CreateDialog({ collection, onClose }: CreateRequest & { readonly onClose: () => void }) {
  return (
    <Dialog title={`New ${entityOf(collection).singular}`} onClose={onClose}>
      {null}
    </Dialog>
  );
}
