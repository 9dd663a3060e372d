import {
  ensureRxStorageInstanceParamsAreCorrect,
  getPrimaryFieldOfPrimaryKey,
  RXDB_VERSION,
  type RxStorage,
  type RxStorageInstanceCreationParams,
} from 'rxdb';
import type { ColumnSpec, StoreApi } from './contract.ts';
import { parsePath } from './engine/values.ts';
import { StoreInstance } from './rx-instance.ts';
import { wiringOf } from './wiring.ts';

export interface StoreInternals {
  /** Name of the collection inside the store. */
  readonly collection: string;
}

/**
 * RxDB's storage over an open store. A collection that the store was opened with keeps the columns it was given;
 * any other one (RxDB's own bookkeeping) gets a column per field of its indexes.
 * Errors of RxDB: UT5 key compression, UT6 encrypted fields, UT7 compressed attachments.
 */
export function getRxStorage(store: StoreApi): RxStorage<StoreInternals, Record<string, never>> {
  const { channel, hub, emit, collections } = wiringOf(store);
  return {
    name: 'roadbook',
    rxdbVersion: RXDB_VERSION,
    async createStorageInstance<RxDocType>(
      params: RxStorageInstanceCreationParams<RxDocType, Record<string, never>>,
    ): Promise<StoreInstance<RxDocType>> {
      ensureRxStorageInstanceParamsAreCorrect(params);
      const { databaseName, collectionName, schema } = params;
      const declared = collections.find(({ name }) => name === collectionName);
      const collection = declared ? collectionName : `${databaseName}/${collectionName}/${schema.version}`;
      const primary = getPrimaryFieldOfPrimaryKey(schema.primaryKey) as string;
      const columns = declared?.columns ?? indexedColumns(schema, primary);
      if (!declared) {
        const spec = { name: collection, columns, search: { title: [], text: [] } };
        await channel.request('ensure', [spec, primary]);
      }
      const paths = columns.map(({ path }) => parsePath(path));
      return new StoreInstance(params, { channel, hub, emit, collection, primary, paths });
    },
  };
}

interface SchemaPart {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, SchemaPart>>;
}

function indexedColumns(
  schema: { readonly indexes?: unknown; readonly properties: object },
  primary: string,
): ColumnSpec[] {
  const indexes = (schema.indexes ?? []) as (string | readonly string[])[];
  const paths = new Set(indexes.flatMap((index) => (typeof index === 'string' ? [index] : [...index])));
  const own = new Set([primary, '_deleted', '_rev', '_meta.lwt']);
  return [...paths]
    .filter((path) => !own.has(path))
    .map((path) => ({
      name: path,
      path,
      type: typeAt(schema as SchemaPart, path) === 'string' ? 'key' : 'number',
    }));
}

function typeAt(schema: SchemaPart, path: string): unknown {
  let part: SchemaPart | undefined = schema;
  for (const member of path.split('.')) part = part?.properties?.[member];
  return part?.type;
}
