// The peer's device: an empty PouchDB over leveldb that fetches everything from a server.
import { once } from 'node:events';
import http from 'pouchdb-adapter-http';
import leveldb from 'pouchdb-adapter-leveldb';
import PouchDB from 'pouchdb-core';
import replication from 'pouchdb-replication';

const [url = '', folder = ''] = process.argv.slice(2);
/** What it asks for at once; as many rows as one of our pages. */
const BATCH = 1_000;

PouchDB.plugin(leveldb).plugin(http).plugin(replication);
const ordered = once(process, 'message');
process.send?.('ready');
await ordered;
const db = new PouchDB(folder, { adapter: 'leveldb' });
const start = performance.now();
const { ok, docs_written: rows } = await db.replicate.from(url, { batch_size: BATCH, batches_limit: 10 });
const millis = performance.now() - start;
if (!ok) throw new Error('PouchDB did not finish.');
await db.close();
process.send?.({ rows, millis });
