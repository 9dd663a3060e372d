import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Static, Type } from 'typebox';
import { Check, Errors } from 'typebox/value';
import { RoadbookError } from '../../shared/errors.ts';
import { Stage } from '../../shared/model/index.ts';

/** Where a value comes from and what it becomes. Exactly one of column, value and template is given. */
const FieldMapping = Type.Object(
  {
    column: Type.Optional(Type.String()),
    /** The same value for every record. */
    value: Type.Optional(Type.Unknown()),
    /** Texts with {column} marks; the first one whose columns are all filled is taken. */
    template: Type.Optional(Type.Array(Type.String())),
    as: Type.Optional(
      Type.Union([
        Type.Literal('text'),
        Type.Literal('integer'),
        Type.Literal('date'),
        Type.Literal('money'),
        Type.Literal('reference'),
        Type.Literal('probability'),
      ]),
    ),
    /** Of a date: dd-mm-yy, dd-mm-yyyy, yyyy-mm-dd, mm/dd/yyyy. */
    format: Type.Optional(Type.String()),
    /** Of money: how many whole units of currency one counts for (1000000 for a column in millions). */
    unit: Type.Optional(Type.Number()),
    /** Of a reference: the file whose key the value is. */
    to: Type.Optional(Type.String()),
    /** Values of the file, and what they become here. */
    map: Type.Optional(Type.Record(Type.String(), Type.String())),
    /** Said in the report when the value is missing; left out: missing is normal. */
    missing: Type.Optional(Type.String()),
    /** `missing` is said only for deals in these stages. */
    missingIn: Type.Optional(Type.Array(Type.String())),
  },
  { additionalProperties: false },
);
export type FieldMapping = Static<typeof FieldMapping>;

const FileMapping = Type.Object(
  {
    file: Type.String(),
    columns: Type.Array(Type.String()),
    /** Wrong values and what was meant, by column. */
    repairs: Type.Optional(Type.Record(Type.String(), Type.Record(Type.String(), Type.String()))),
  },
  { additionalProperties: false },
);
export type FileMapping = Static<typeof FileMapping>;

const RecordMapping = Type.Object(
  {
    collection: Type.Union([
      Type.Literal('accounts'),
      Type.Literal('contacts'),
      Type.Literal('leads'),
      Type.Literal('deals'),
      Type.Literal('products'),
    ]),
    file: Type.String(),
    /** Column whose value names a record for good: the same key is the same record on every run. */
    key: Type.String(),
    /** Column that names the person who owns the record. */
    owner: Type.Optional(Type.String()),
    createdOn: Type.Optional(FieldMapping),
    updatedOn: Type.Optional(FieldMapping),
    fields: Type.Record(Type.String(), FieldMapping),
  },
  { additionalProperties: false },
);
export type RecordMapping = Static<typeof RecordMapping>;

export const Mapping = Type.Object(
  {
    name: Type.String(),
    company: Type.Object({ slug: Type.String(), name: Type.String(), currency: Type.String() }),
    files: Type.Array(FileMapping),
    people: Type.Optional(
      Type.Object({
        file: Type.String(),
        person: Type.String(),
        manager: Type.String(),
        territory: Type.String(),
        /** E-mail addresses are first.last at this domain. */
        emailDomain: Type.String(),
      }),
    ),
    pipeline: Type.Optional(
      Type.Object({ key: Type.String(), name: Type.String(), stages: Type.Array(Stage) }),
    ),
    records: Type.Array(RecordMapping),
  },
  { additionalProperties: false },
);
export type Mapping = Static<typeof Mapping>;

const SHIPPED = fileURLToPath(new URL('mappings', import.meta.url));

/** @throws import.bad_mapping, import.missing_file */
export function readMapping(file: string): Mapping {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new RoadbookError('import.missing_file', { file }, { cause: error });
  }
  return parseMapping(text);
}

/** @throws import.bad_mapping */
export function parseMapping(text: string): Mapping {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new RoadbookError('import.bad_mapping', { reason: 'it is not JSON' }, { cause: error });
  }
  if (Check(Mapping, parsed)) return parsed;
  const [first] = Errors(Mapping, parsed);
  throw new RoadbookError('import.bad_mapping', {
    reason: `${first?.instancePath || 'the whole'} ${first?.message ?? 'is wrong'}`,
  });
}

/**
 * The shipped mapping whose files all lie in the folder with just their columns.
 * @param columnsOf first line of a file of the folder; undefined when there is no such file
 */
export function findMapping(columnsOf: (file: string) => readonly string[] | undefined): Mapping | undefined {
  return readdirSync(SHIPPED)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readMapping(join(SHIPPED, name)))
    .find((mapping) =>
      mapping.files.every(({ file, columns }) => {
        const found = columnsOf(file);
        return found !== undefined && columns.every((column) => found.includes(column));
      }),
    );
}
