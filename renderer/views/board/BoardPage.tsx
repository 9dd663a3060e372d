import type { SessionUser } from '../../../shared/sync/wire.ts';
import { objectIcons } from '../shell/objects.ts';
import { PageHead } from '../shell/Page.tsx';

interface BoardPageProps {
  readonly view?: string | undefined;
  readonly pipeline?: string | undefined;
  readonly user: SessionUser;
}

export function BoardPage(_props: BoardPageProps) {
  return <PageHead icon={objectIcons.deals} title="Deals" />;
}
