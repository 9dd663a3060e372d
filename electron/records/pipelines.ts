import type { Row } from '../../shared/model/index.ts';
import type { StoreApi } from '../store/contract.ts';
import { fromDoc } from './rows.ts';

/** Most pipelines that are looked through for the first one. */
const MOST = 100;

/** The pipeline that new deals start in: the first by order. */
export async function firstPipeline(store: StoreApi): Promise<Row | undefined> {
  const view = await store.openView({
    collection: 'definitions',
    selector: { 'body.kind': { $eq: 'pipeline' } },
    sort: [{ path: 'body.order', direction: 'asc' }],
  });
  try {
    const { docs } = await store.viewRows(view.viewId, 0, MOST);
    return docs.map((doc) => fromDoc(doc).row)[0];
  } finally {
    await store.closeView(view.viewId);
  }
}
