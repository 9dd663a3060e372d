// A PouchDB that other PouchDBs replicate from: as much of CouchDB's protocol as that takes, over the leveldb of a
// PouchDB and nothing else. What PouchDB's own servers do beside it (accounts, logs, a console) is left out.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import leveldb from 'pouchdb-adapter-leveldb';
import PouchDB from 'pouchdb-core';
import type { PullResponse } from '../../../shared/sync/wire.ts';

const [pages = '', folder = ''] = process.argv.slice(2);
/** Rows written in one go. */
const BATCH = 1_000;

PouchDB.plugin(leveldb);
const db = new PouchDB(folder, { adapter: 'leveldb' });
let rows = 0;
for (const text of readFileSync(pages, 'utf8').split('\n').filter(Boolean)) {
  const page: PullResponse = JSON.parse(text);
  for (let from = 0; from < page.rows.length; from += BATCH) {
    const docs = page.rows.slice(from, from + BATCH).map(({ id, ...row }) => ({ _id: id, ...row }));
    const told = await db.bulkDocs(docs);
    if (!told.every(({ ok }) => ok)) throw new Error('PouchDB refused rows.');
    rows += docs.length;
  }
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part;
  return text === '' ? {} : JSON.parse(text);
}

async function answer(request: IncomingMessage): Promise<object> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const [name = '', what = '', id = ''] = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
  if (name === '') return { couchdb: 'Welcome', version: '3.3.0', uuid: 'bench' };
  switch (what) {
    case '':
      return db.info();
    case '_local':
      if (request.method === 'PUT') return db.put({ ...(await bodyOf(request)), _id: `_local/${id}` });
      return db.get(`_local/${id}`);
    case '_changes': {
      const since = Number(url.searchParams.get('since') ?? 0);
      const limit = Number(url.searchParams.get('limit') ?? BATCH);
      return db.changes({ since, limit, style: 'all_docs' });
    }
    case '_bulk_get': {
      const { docs } = await bodyOf(request);
      return db.bulkGet({ docs: docs as object[], revs: true, latest: true });
    }
    default:
      throw Object.assign(new Error(what), { status: 404 });
  }
}

const server = createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  answer(request).then(
    (found) => response.end(JSON.stringify(found)),
    (error: { status?: number; name?: string; message?: string }) => {
      response.statusCode = error.status ?? 500;
      response.end(JSON.stringify({ error: error.name ?? 'error', reason: error.message ?? '' }));
    },
  );
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.once('disconnect', () => process.exit());
process.send?.({ port: (server.address() as AddressInfo).port, rows });
