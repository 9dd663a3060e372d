import type { StoredDoc } from '../contract.ts';
import { OWN, type PackedDocs } from '../packed.ts';
import { type Collection, columnValue } from './collection.ts';
import type { SqlValue } from './sqlite.ts';
import { valueAt } from './values.ts';

/** A document on its way into the store. */
export interface Incoming {
  readonly id: string;
  readonly rev: string;
  readonly deleted: boolean;
  readonly lwt: number;
  /** The JSON that is stored. */
  readonly text: string;
  /** The document itself, for whoever has to look into it. */
  readonly doc: StoredDoc;
  /** Values of the columns, in their order; notes what each column has seen. Returns true when that grew. */
  columns(into: SqlValue[]): boolean;
}

export class IncomingDoc implements Incoming {
  readonly doc: StoredDoc;
  readonly #collection: Collection;

  constructor(collection: Collection, doc: StoredDoc) {
    this.#collection = collection;
    this.doc = doc;
  }

  get id(): string {
    return String(this.doc[this.#collection.primary]);
  }

  get rev(): string {
    return this.doc._rev;
  }

  get deleted(): boolean {
    return this.doc._deleted;
  }

  get lwt(): number {
    return this.doc._meta.lwt;
  }

  get text(): string {
    return JSON.stringify(this.doc);
  }

  columns(into: SqlValue[]): boolean {
    return readColumns(this.#collection, this.doc, into);
  }
}

/** One that came as its text; it is parsed only when somebody looks into it. */
export class IncomingText implements Incoming {
  readonly id: string;
  readonly rev: string;
  readonly deleted: boolean;
  readonly lwt: number;
  readonly text: string;
  readonly #collection: Collection;
  readonly #packed: PackedDocs;
  readonly #start: number;
  #doc: StoredDoc | undefined;

  constructor(collection: Collection, packed: PackedDocs, index: number) {
    const { heads, texts, paths } = packed;
    const start = index * (OWN + paths.length);
    this.id = heads[start] as string;
    this.rev = heads[start + 1] as string;
    this.deleted = heads[start + 2] as boolean;
    this.lwt = heads[start + 3] as number;
    this.text = texts[index] as string;
    this.#collection = collection;
    this.#packed = packed;
    this.#start = start + OWN;
  }

  get doc(): StoredDoc {
    this.#doc ??= JSON.parse(this.text) as StoredDoc;
    return this.#doc;
  }

  columns(into: SqlValue[]): boolean {
    const { heads, paths } = this.#packed;
    const { columns } = this.#collection;
    // The store may keep its columns in another order than the one that it was opened with.
    if (columns.length !== paths.length || columns.some(({ path }, i) => path !== paths[i])) {
      return readColumns(this.#collection, this.doc, into);
    }
    let grew = false;
    for (const [i, column] of columns.entries()) {
      const { seen } = column;
      into.push(columnValue(column, heads[this.#start + i]));
      if (column.seen !== seen) grew = true;
    }
    return grew;
  }
}

/** Values of the columns of a document, in their order; see Incoming.columns(). */
export function readColumns(collection: Collection, doc: StoredDoc, into: SqlValue[]): boolean {
  let grew = false;
  for (const column of collection.columns) {
    const { seen } = column;
    into.push(columnValue(column, valueAt(doc, column.parts)));
    if (column.seen !== seen) grew = true;
  }
  return grew;
}
