import { PageHead } from '../shell/Page.tsx';

export function SyncPage() {
  return <PageHead title="Sync status" />;
}
