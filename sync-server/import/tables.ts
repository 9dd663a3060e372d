import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { RoadbookError } from '../../shared/errors.ts';
import type { FileMapping } from './mapping.ts';
import type { Report } from './report.ts';

export interface TableRow {
  /** Line in the file, the header is line 1. */
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
}

/** First line of a file; undefined when there is no such file. */
export function columnsOf(folder: string, file: string): string[] | undefined {
  const path = join(folder, file);
  if (!existsSync(path)) return undefined;
  const [header] = parseCsv(file, decode(file, path).split(/\r?\n/, 1).join(''));
  return header?.record.map((name) => name.trim());
}

/**
 * Reads one file of an export, with blanks trimmed and known misspellings repaired. A row that has not as many cells as
 * the header is left out and reported: nobody can tell which of its cells is which.
 * @throws import.missing_file, import.unreadable
 */
export function readTable(folder: string, mapping: FileMapping, report: Report): TableRow[] {
  const { file, columns, repairs = {} } = mapping;
  const path = join(folder, file);
  if (!existsSync(path)) throw new RoadbookError('import.missing_file', { file });
  const [header, ...lines] = parseCsv(file, decode(file, path));
  const names = header?.record.map((name) => name.trim()) ?? [];
  if (!columns.every((column) => names.includes(column))) {
    throw new RoadbookError('import.unreadable', { file, reason: 'its first line lacks columns' });
  }
  const key = columns[0] ?? '';
  const whole = lines.filter(({ record, line }) => {
    if (record.length === names.length) return true;
    report.add({
      kind: 'skipped',
      file,
      line,
      key: (record[names.indexOf(key)] ?? '').trim(),
      field: '',
      code: 'import.cells',
      reason: `The row has ${cells(record.length)}, the first line has ${names.length}.`,
    });
    return false;
  });
  return whole.map(({ record, line }) => {
    const values: Record<string, string> = {};
    names.forEach((name, index) => {
      const given = (record[index] ?? '').trim();
      const meant = repairs[name]?.[given];
      values[name] = meant ?? given;
      if (meant === undefined) return;
      const row = record[names.indexOf(key)] ?? '';
      report.add({
        kind: 'repaired',
        file,
        line,
        key: row,
        field: name,
        code: 'import.repaired',
        reason: `“${given}” reads “${meant}”.`,
        from: given,
        to: meant,
      });
    });
    return { line, values };
  });
}

function decode(file: string, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    throw new RoadbookError('import.unreadable', { file, reason: 'it is not UTF-8' }, { cause: error });
  }
}

function cells(count: number): string {
  return count === 1 ? '1 cell' : `${count} cells`;
}

/** @throws import.unreadable for text that is no CSV, with the line where it stops to be */
function parseCsv(file: string, text: string): { record: string[]; line: number }[] {
  try {
    const parsed: unknown = parse(text, {
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
    });
    return (parsed as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
      record,
      line: info.lines,
    }));
  } catch (error) {
    const { lines, code } = error as { lines?: number; code?: string };
    const what = code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quotation mark is not closed' : 'it is not CSV';
    const reason = lines === undefined ? what : `${what}, line ${lines}`;
    throw new RoadbookError('import.unreadable', { file, reason }, { cause: error });
  }
}
