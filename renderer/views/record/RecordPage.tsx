import type { CollectionName } from '../../../shared/model/index.ts';
import type { ListContext } from '../../state/router.ts';
import { PageHead } from '../shell/Page.tsx';

interface RecordPageProps {
  readonly collection: CollectionName;
  readonly id: string;
  readonly list?: ListContext | undefined;
}

export function RecordPage({ collection }: RecordPageProps) {
  return <PageHead title={collection} />;
}
