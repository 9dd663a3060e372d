import { writeFileSync } from 'node:fs';

export type NoteKind = 'repaired' | 'skipped' | 'doubtful';

/** One row that was not taken exactly as it stood. */
export interface Note {
  readonly kind: NoteKind;
  readonly file: string;
  /** Line in the file, the header is line 1. */
  readonly line: number;
  /** Key of the record, as the file names it. */
  readonly key: string;
  readonly field: string;
  readonly code: string;
  readonly reason: string;
  readonly from?: string;
  readonly to?: string;
  /** Id of the record that the row makes. */
  readonly record?: string;
  /** The reason to give when that record is here already, with a value of its own in the field. */
  readonly kept?: string;
}

export class Report {
  #notes: Note[] = [];

  get notes(): readonly Note[] {
    return this.#notes;
  }

  add(note: Note): void {
    this.#notes.push(note);
  }

  /** Gives every note again. */
  revise(revised: (note: Note) => Note): void {
    this.#notes = this.#notes.map(revised);
  }

  count(kind: NoteKind): number {
    return this.notes.filter((note) => note.kind === kind).length;
  }

  /** Notes of one kind, file and reason together, most frequent first. */
  summary(): { kind: NoteKind; file: string; code: string; reason: string; count: number; first: number }[] {
    const groups = new Map<string, { note: Note; count: number }>();
    for (const note of this.notes) {
      const key = [note.kind, note.file, note.code, note.reason].join('\n');
      const group = groups.get(key) ?? { note, count: 0 };
      group.count += 1;
      groups.set(key, group);
    }
    return [...groups.values()]
      .sort((a, b) => a.note.kind.localeCompare(b.note.kind) || b.count - a.count)
      .map(({ note, count }) => ({
        kind: note.kind,
        file: note.file,
        code: note.code,
        reason: note.reason,
        count,
        first: note.line,
      }));
  }

  /** Every note as CSV, for a spreadsheet. */
  write(file: string): void {
    const columns = ['kind', 'file', 'line', 'key', 'field', 'code', 'reason', 'from', 'to'] as const;
    const lines = this.notes.map((note) => columns.map((column) => cell(note[column] ?? '')).join(','));
    writeFileSync(file, `${[columns.join(','), ...lines].join('\r\n')}\r\n`, { mode: 0o600 });
  }
}

/** Quoted where needed; a cell that a spreadsheet would take for a formula gets an apostrophe in front. */
function cell(value: string | number): string {
  const text = /^[=+\-@\t\r]/.test(String(value)) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
