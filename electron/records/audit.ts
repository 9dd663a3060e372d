import type { AuditEntry, AuditFilter, AuditVerdict } from '../../shared/ipc/records.ts';
import { entityOf, fieldOf, isCollection } from '../../shared/model/index.ts';
import type { HistoryEntry } from '../store/contract.ts';
import { type Context, instant } from './context.ts';
import type { Lists } from './lists.ts';

/** The local audit log as the window sees it: entries with the names of people and records. */
export class Audit {
  readonly #context: Context;
  readonly #lists: Lists;

  constructor(context: Context, lists: Lists) {
    this.#context = context;
    this.#lists = lists;
  }

  async rows(filter: AuditFilter, from: number, count: number): Promise<{ entries: AuditEntry[] }> {
    return this.#present(await this.#context.store.historyRows(filter, from, count));
  }

  /** What happened to a record, as far as it is known here: entries whose values were erased tell nothing of it. */
  async ofRecord(collection: string, record: string, limit: number): Promise<{ entries: AuditEntry[] }> {
    const found = await this.#context.store.historyRows({ collection, record }, 0, limit);
    return this.#present(found.filter(({ kind }) => kind !== 'erased'));
  }

  async verify(): Promise<AuditVerdict> {
    const { now, store } = this.#context;
    const start = performance.now();
    const { ok, entries, head, fault } = await store.verifyHistory();
    return { ok, entries, head, fault, millis: performance.now() - start, at: instant(now()) };
  }

  async #present(found: readonly HistoryEntry[]): Promise<{ entries: AuditEntry[] }> {
    const ids = found.flatMap((entry) => [entry.user, ...referred(entry)]).filter((id) => id !== '');
    const names = await this.#lists.names(ids);
    const entries = found.map((entry): AuditEntry => {
      const { mutation: _mutation, ...shown } = entry;
      const own = Object.fromEntries(referred(entry).flatMap((id) => (names[id] ? [[id, names[id]]] : [])));
      return { ...shown, userName: names[entry.user] ?? '', names: own };
    });
    return { entries };
  }
}

/** Records that the two values of a reference field name. */
function referred({ collection, field, from, to }: HistoryEntry): string[] {
  if (!isCollection(collection) || fieldOf(entityOf(collection), field)?.kind !== 'reference') return [];
  return [from, to].filter((id): id is string => typeof id === 'string' && id !== '');
}
