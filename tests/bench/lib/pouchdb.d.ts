/** As much of PouchDB as the bench uses. */
declare module 'pouchdb-core' {
  export interface Found {
    readonly docs: readonly { readonly _id: string }[];
    readonly warning?: string;
  }
  export interface Replicated {
    readonly ok: boolean;
    readonly docs_written: number;
  }
  export default class PouchDB {
    static plugin(plugin: unknown): typeof PouchDB;
    readonly replicate: {
      from(
        url: string,
        how: { readonly batch_size: number; readonly batches_limit: number },
      ): Promise<Replicated>;
    };
    constructor(name: string, options: { readonly adapter: 'leveldb' });
    info(): Promise<object>;
    bulkDocs(docs: readonly object[]): Promise<readonly { readonly ok?: boolean }[]>;
    bulkGet(query: {
      readonly docs: readonly object[];
      readonly revs: boolean;
      readonly latest: boolean;
    }): Promise<object>;
    changes(query: {
      readonly since: number;
      readonly limit: number;
      readonly style: 'all_docs';
    }): Promise<object>;
    put(doc: object): Promise<{ readonly ok: boolean }>;
    get(id: string): Promise<{ readonly _id: string }>;
    createIndex(index: { readonly index: { readonly fields: readonly string[] } }): Promise<unknown>;
    find(query: object): Promise<Found>;
    close(): Promise<void>;
  }
}
declare module 'pouchdb-adapter-leveldb' {
  const plugin: unknown;
  export default plugin;
}
declare module 'pouchdb-adapter-http' {
  const plugin: unknown;
  export default plugin;
}
declare module 'pouchdb-replication' {
  const plugin: unknown;
  export default plugin;
}
declare module 'pouchdb-find' {
  const plugin: unknown;
  export default plugin;
}
