import type { Row } from '../../shared/model/index.ts';
import type { StoreApi } from '../store/contract.ts';
import { readAll } from '../store/read-all.ts';
import { fromDoc } from './rows.ts';

/** The pipeline that new deals start in: the first by order. */
export async function firstPipeline(store: StoreApi): Promise<Row | undefined> {
  const [first] = await readAll(
    store,
    {
      collection: 'definitions',
      selector: { 'body.kind': { $eq: 'pipeline' } },
      sort: [{ path: 'body.order', direction: 'asc' }],
    },
    1,
  );
  return first === undefined ? undefined : fromDoc(first).row;
}
