import { RoadbookError } from '../../shared/errors.ts';
import { entityOf, type Stage } from '../../shared/model/index.ts';
import { checkStage } from '../../shared/rules/stages.ts';
import { checkField } from '../../shared/rules/validate.ts';
import { personId } from '../company/company.ts';
import { companyId } from '../company/definitions.ts';
import type { Wanted } from '../store/bulk.ts';
import type { FieldMapping, Mapping, RecordMapping } from './mapping.ts';
import type { Staff } from './people.ts';
import type { NoteKind, Report } from './report.ts';
import type { TableRow } from './tables.ts';
import { fillTemplate, parseDate, parseInteger, parseMoney } from './values.ts';

/** Everything that the rows of an export are read against. */
export interface ImportScene {
  readonly tenant: string;
  readonly mapping: Mapping;
  readonly report: Report;
  readonly staff: Staff | undefined;
  readonly pipeline: string;
  readonly stages: readonly Stage[];
  readonly tables: ReadonlyMap<string, readonly TableRow[]>;
}

/** The same key of the same file is the same record, on every run and on every machine of this company. */
export function recordId(tenant: string, file: string, key: string): string {
  return companyId(tenant, `import\n${file}\n${key}`);
}

export function readRecords(scene: ImportScene, mapping: RecordMapping): Wanted[] {
  const keys = keysOf(scene, mapping);
  const seen = new Set<string>();
  const wanted: Wanted[] = [];
  for (const row of scene.tables.get(mapping.file) ?? []) {
    const key = row.values[mapping.key] ?? '';
    const note = noteFor(scene, mapping, row, key);
    if (key === '' || seen.has(key)) {
      note(
        'skipped',
        mapping.key,
        'import.key',
        key === '' ? 'The row has no key.' : 'The key is there twice.',
      );
      continue;
    }
    seen.add(key);
    const record = readRecord(scene, mapping, row, key, keys, note);
    if (record !== undefined) wanted.push(record);
  }
  return wanted;
}

interface More {
  /** What the file says. */
  readonly from?: string;
  /** The reason to give when the record is here already. */
  readonly kept?: string;
}
type AddNote = (kind: NoteKind, field: string, code: string, reason: string, more?: More) => void;
/** Keys of the files that references point to, by file. */
type Keys = ReadonlyMap<string, ReadonlySet<string>>;

function noteFor(scene: ImportScene, mapping: RecordMapping, row: TableRow, key: string): AddNote {
  const record = recordId(scene.tenant, mapping.file, key);
  return (kind, field, code, reason, more = {}) =>
    scene.report.add({
      kind,
      file: mapping.file,
      line: row.line,
      key,
      field,
      code,
      reason,
      record,
      ...more,
    });
}

function keysOf(scene: ImportScene, mapping: RecordMapping): Keys {
  const files = Object.values(mapping.fields).flatMap(({ to }) => (to === undefined ? [] : [to]));
  return new Map(
    files.map((file) => {
      const column = scene.mapping.records.find((record) => record.file === file)?.key ?? '';
      return [file, new Set((scene.tables.get(file) ?? []).map(({ values }) => values[column] ?? ''))];
    }),
  );
}

function readRecord(
  scene: ImportScene,
  mapping: RecordMapping,
  row: TableRow,
  key: string,
  keys: Keys,
  note: AddNote,
): Wanted | undefined {
  const entity = entityOf(mapping.collection);
  const body: Wanted['body'] = mapping.collection === 'deals' ? { pipeline: scene.pipeline } : {};
  for (const [field, from] of Object.entries(mapping.fields)) {
    const value = readValue(scene, from, field, row, keys, note);
    if (value === undefined) continue;
    const spec = entity.fields[field];
    const [problem] = spec === undefined ? [] : checkField(field, spec, value);
    if (problem === undefined) body[field] = value;
    else note('doubtful', field, problem.code, new RoadbookError(problem.code, problem.details).message);
  }
  for (const [field, spec] of Object.entries(entity.fields)) {
    if (!spec.required || body[field] !== undefined) continue;
    const missing = `${spec.label} is missing, so the`;
    note('skipped', field, 'record.invalid', `${missing} row makes no record.`, {
      kept: `${missing} record stays as it was.`,
    });
    return undefined;
  }
  flagMissing(mapping, body, note);
  flagStage(scene, mapping, body, note);
  return {
    collection: mapping.collection,
    id: recordId(scene.tenant, mapping.file, key),
    body,
    ...about(scene, mapping, row, note),
  };
}

function readValue(
  scene: ImportScene,
  from: FieldMapping,
  field: string,
  row: TableRow,
  keys: Keys,
  note: AddNote,
): unknown {
  if (from.value !== undefined) return from.value;
  if (from.template !== undefined) {
    for (const template of from.template) {
      const text = fillTemplate(template, row.values);
      if (text !== undefined) return text;
    }
    return undefined;
  }
  const given = row.values[from.column ?? ''] ?? '';
  if (given === '') return undefined;
  const mapped = from.map === undefined ? given : from.map[given];
  const value = mapped === undefined ? undefined : convert(scene, from, mapped, keys);
  if (value === undefined) {
    const unknown = `“${given}” is not known here, so ${field} stays`;
    note('doubtful', field, 'import.value', `${unknown} empty.`, {
      from: given,
      kept: `${unknown} as it was.`,
    });
  }
  return value;
}

function convert(scene: ImportScene, from: FieldMapping, text: string, keys: Keys): unknown {
  switch (from.as) {
    case 'integer':
      return parseInteger(text);
    case 'date':
      return parseDate(text, from.format);
    case 'money':
      return parseMoney(text, scene.mapping.company.currency, from.unit);
    case 'reference':
      return keys.get(from.to ?? '')?.has(text) ? recordId(scene.tenant, from.to ?? '', text) : undefined;
    case 'probability':
      return scene.stages.find(({ name }) => name === text)?.probability;
    default:
      return text;
  }
}

/** Missing values that the mapping wants to hear about. */
function flagMissing(mapping: RecordMapping, body: Wanted['body'], note: AddNote): void {
  for (const [field, { missing, missingIn }] of Object.entries(mapping.fields)) {
    if (missing === undefined || body[field] !== undefined) continue;
    if (missingIn !== undefined && !missingIn.includes(String(body.stage))) continue;
    note('doubtful', field, 'import.missing', missing);
  }
}

/** History that lacks what its stage needs today is flagged, not refused. */
function flagStage(scene: ImportScene, mapping: RecordMapping, body: Wanted['body'], note: AddNote): void {
  if (mapping.collection !== 'deals') return;
  for (const problem of checkStage(body, scene.stages)) {
    note('doubtful', problem.field, problem.code, new RoadbookError(problem.code, problem.details).message);
  }
}

/** Owner, team and territory, and when the record was made and last changed. */
function about(scene: ImportScene, mapping: RecordMapping, row: TableRow, note: AddNote): Partial<Wanted> {
  const dateOf = (from: FieldMapping | undefined) => {
    const text = row.values[from?.column ?? ''] ?? '';
    const date = text === '' ? undefined : parseDate(text, from?.format);
    return date === undefined ? undefined : `${date}T00:00:00.000Z`;
  };
  const createdAt = dateOf(mapping.createdOn);
  const updatedAt = dateOf(mapping.updatedOn) ?? createdAt;
  const name = mapping.owner === undefined ? '' : (row.values[mapping.owner] ?? '');
  const owner = scene.staff?.byName.get(name);
  if (mapping.owner !== undefined && owner === undefined) {
    const nobody = `Nobody is called “${name}”, so the`;
    note('doubtful', 'owner', 'import.value', `${nobody} record has no owner.`, {
      from: name,
      kept: `${nobody} owner stays as it was.`,
    });
  }
  return {
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(updatedAt === undefined ? {} : { updatedAt }),
    ...(owner === undefined
      ? {}
      : {
          owner: personId(scene.tenant, owner.email),
          team: owner.team ?? '',
          territory: owner.territory ?? '',
        }),
  };
}
