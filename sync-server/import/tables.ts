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
 * Reads one file of an export, with blanks trimmed and known misspellings repaired.
 * @throws import.missing_file, import.unreadable
 */
export function readTable(folder: string, mapping: FileMapping, report: Report): TableRow[] {
  const { file, columns, repairs = {} } = mapping;
  const path = join(folder, file);
  if (!existsSync(path)) throw new RoadbookError('import.missing_file', { file });
  const [header, ...lines] = parseCsv(file, decode(file, path));
  const names = header?.record.map((name) => name.trim()) ?? [];
  if (!columns.every((column) => names.includes(column))) {
    throw new RoadbookError('import.unreadable', { file });
  }
  const key = columns[0] ?? '';
  return lines.map(({ record, line }) => {
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
    throw new RoadbookError('import.unreadable', { file }, { cause: error });
  }
}

function parseCsv(file: string, text: string): { record: string[]; line: number }[] {
  try {
    const parsed: unknown = parse(text, { bom: true, info: true, skip_empty_lines: true });
    return (parsed as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
      record,
      line: info.lines,
    }));
  } catch (error) {
    throw new RoadbookError('import.unreadable', { file }, { cause: error });
  }
}
