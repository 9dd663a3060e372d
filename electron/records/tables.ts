import type { RxDocument } from 'rxdb';
import type { CompanyTables, RecordRow } from '../../shared/ipc/records.ts';
import type { StoreApi, StoredDoc } from '../store/contract.ts';
import type { Envelope } from '../store/envelope.ts';
import { readAll } from '../store/read-all.ts';
import type { Live } from './live.ts';
import { fromDoc, toRecordRow } from './rows.ts';

/** Small tables of the company that every screen reads. */
const NAMES = ['directory', 'definitions'] as const;
type TableName = (typeof NAMES)[number];

/**
 * The people, teams, territories, pipelines and choices of the company, held in memory by live queries: screens are
 * answered without a question to the store, and told when something in them is different.
 */
export class Tables {
  readonly #held = new Map<TableName, RecordRow[]>();
  readonly #ready: Promise<void>;
  #stop: () => void = () => undefined;
  #stopped = false;

  constructor(store: StoreApi, failed: (error: unknown) => void) {
    this.#ready = this.#load(store);
    // Who asks for them is told as well.
    this.#ready.catch(failed);
  }

  async get(): Promise<CompanyTables> {
    await this.#ready;
    const [directory = [], definitions = []] = NAMES.map((name) => this.#held.get(name));
    return { directory, definitions };
  }

  stop(): void {
    this.#stopped = true;
    this.#stop();
  }

  async #load(store: StoreApi): Promise<void> {
    for (const name of NAMES) {
      const docs = await readAll(store, { collection: name, selector: {}, sort: [] });
      this.#held.set(name, rowsOf(name, docs));
    }
  }

  /** @param changed called when one of them is other than before */
  async follow(live: Live, changed: () => void, failed: (error: unknown) => void): Promise<void> {
    await this.#ready;
    const queries = await Promise.all(
      NAMES.map(async (name) => [name, (await live.collection(name)).find()] as const),
    );
    if (this.#stopped) return;
    const following = queries.map(([name, query]) =>
      query.$.subscribe({
        next: (docs) => {
          if (same(docs, this.#held.get(name))) return;
          const plain = docs.map((doc) => doc.toMutableJSON(true) as unknown as StoredDoc);
          this.#held.set(name, rowsOf(name, plain));
          changed();
        },
        error: failed,
      }),
    );
    this.#stop = () => {
      for (const one of following) one.unsubscribe();
    };
  }
}

/** Every write moves the revision or the time of a row. */
function same(docs: readonly RxDocument<Envelope>[], held: readonly RecordRow[] = []): boolean {
  const unmoved = ({ id, rev, updatedAt }: Envelope, at: number) =>
    held[at]?.id === id && held[at].rev === rev && held[at].updatedAt === updatedAt;
  return docs.length === held.length && docs.every(unmoved);
}

function rowsOf(name: TableName, docs: readonly StoredDoc[]): RecordRow[] {
  // Nobody edits these on a device: they come from the server and are in step with it.
  return docs.map((doc) => toRecordRow(name, fromDoc(doc), 'in-step'));
}
