/** As much of PouchDB as the bench uses. */
declare module 'pouchdb-core' {
  export interface Found {
    readonly docs: readonly { readonly _id: string }[];
    readonly warning?: string;
  }
  export default class PouchDB {
    static plugin(plugin: unknown): typeof PouchDB;
    constructor(name: string, options: { readonly adapter: 'leveldb' });
    bulkDocs(docs: readonly object[]): Promise<readonly { readonly ok?: boolean }[]>;
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
declare module 'pouchdb-find' {
  const plugin: unknown;
  export default plugin;
}
