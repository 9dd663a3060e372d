import { addDigest, EMPTY_DIGEST, wireRowDigest } from '../../shared/sync/digest.ts';
import type { Change, Checkpoint, PullResponse, WireRow } from '../../shared/sync/wire.ts';
import { pullAll } from './mutations.ts';
import type { TestDevice } from './server.ts';

/** The simplest device there can be: applies pages to maps. The oracle for what a real one must hold. */
export class Mirror {
  readonly rows = new Map<string, WireRow>();
  readonly changes: Change[] = [];
  /** Buckets that each row is held for. */
  readonly reasons = new Map<string, Set<string>>();
  checkpoint: Checkpoint | null = null;
  digests: Record<string, string> = {};

  apply(page: PullResponse): void {
    const rows = new Set(page.rows.map(({ id }) => id));
    for (const bucket of page.lost) {
      for (const id of [...this.reasons.keys()]) this.#letGo(bucket, id);
    }
    for (const row of page.rows) {
      if (row.deleted) this.rows.delete(row.id);
      else this.rows.set(row.id, row);
    }
    for (const { bucket, id, op } of page.memberships) {
      if (op === 'put') this.reasons.set(id, (this.reasons.get(id) ?? new Set()).add(bucket));
      else this.#letGo(bucket, id, rows);
    }
    this.changes.push(...page.changes);
    this.checkpoint = page.checkpoint;
    if (page.digests !== undefined) this.digests = page.digests;
  }

  async pull(device: TestDevice, limit?: number): Promise<this> {
    for (const page of await pullAll(device, this.checkpoint, limit)) this.apply(page);
    return this;
  }

  /** A row leaves with its last reason; one that comes with this very page has another one. */
  #letGo(bucket: string, id: string, coming: ReadonlySet<string> = new Set()): void {
    const reasons = this.reasons.get(id);
    reasons?.delete(bucket);
    if ((reasons !== undefined && reasons.size > 0) || coming.has(id)) return;
    this.reasons.delete(id);
    this.rows.delete(id);
  }

  /** The digest of what is held, or of what is held for one reason, computed from nothing. */
  digest(bucket?: string): string {
    let sum = EMPTY_DIGEST;
    for (const row of this.rows.values()) {
      if (bucket !== undefined && !this.reasons.get(row.id)?.has(bucket)) continue;
      sum = addDigest(sum, wireRowDigest(row));
    }
    return sum;
  }

  /** Every row by id, for comparing two devices. */
  content(): Record<string, WireRow> {
    return Object.fromEntries([...this.rows].sort(([a], [b]) => a.localeCompare(b)));
  }

  row(id: string): WireRow {
    const found = this.rows.get(id);
    if (found === undefined) throw new Error(`no row ${id}`);
    return found;
  }

  inbox(): WireRow[] {
    return [...this.rows.values()].filter(({ collection }) => collection === 'inbox');
  }
}

export async function fresh(device: TestDevice, limit?: number): Promise<Mirror> {
  return new Mirror().pull(device, limit);
}
