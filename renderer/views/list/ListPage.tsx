import { entityOf } from '../../../shared/model/index.ts';
import type { SessionUser } from '../../../shared/sync/wire.ts';
import type { ListCollection } from '../../state/router.ts';
import { objectIcons } from '../shell/objects.ts';
import { PageHead } from '../shell/Page.tsx';

interface ListPageProps {
  readonly collection: ListCollection;
  readonly view?: string | undefined;
  readonly user: SessionUser;
}

export function ListPage({ collection }: ListPageProps) {
  return <PageHead icon={objectIcons[collection]} title={entityOf(collection).labelPlural} />;
}
