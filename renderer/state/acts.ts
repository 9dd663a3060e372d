import type { RoadbookError } from '../../shared/errors.ts';
import type { RecordRow } from '../../shared/ipc.ts';
import type { Stage } from '../../shared/model/index.ts';
import { type Body, isScopeField } from '../../shared/model/index.ts';
import { onStageChange } from '../../shared/rules/stages.ts';
import { asRoadbookError, call } from '../bridge.ts';
import type { ViewSource } from './ViewSource.ts';

/** Acts that the screen shows before the main process has answered, and takes back when it refuses. */
export interface Refused {
  readonly row: RecordRow;
  readonly error: RoadbookError;
}

export interface ManyResult {
  readonly done: readonly RecordRow[];
  readonly refused: readonly Refused[];
}

/** Acts under way together: enough to be quick, few enough that others are still answered. */
const TOGETHER = 8;

/** The row as it will be: the values, what follows from a stage, and the mark of something not yet sent. */
export function withValues(row: RecordRow, values: Body, stages: readonly Stage[] = []): RecordRow {
  const followed =
    typeof values.stage === 'string' ? { ...onStageChange(values.stage, stages), ...values } : values;
  const body = { ...row.body };
  let next: RecordRow = { ...row, body, mark: row.mark === 'needs-you' ? row.mark : 'waiting' };
  for (const [name, value] of Object.entries(followed)) {
    if (isScopeField(name)) next = { ...next, [name]: typeof value === 'string' ? value : '' };
    else if (value === null || value === undefined) delete body[name];
    else body[name] = value;
  }
  return next;
}

/** The values that stood before, so that an act can be undone; null where there was nothing. */
export function valuesBefore(row: RecordRow, names: readonly string[]): Body {
  return Object.fromEntries(
    names.map((name) => [name, (isScopeField(name) ? row[name] : row.body[name]) ?? null]),
  );
}

/**
 * Changes one record; the lists given show it at once and go back when it is refused.
 * @throws RoadbookError of the rule that refused it
 */
export async function updateRecord(
  row: RecordRow,
  values: Body,
  sources: readonly ViewSource[],
  stages: readonly Stage[] = [],
): Promise<RecordRow> {
  const shown = withValues(row, values, stages);
  const back = sources.map((source) => source.patch(shown));
  try {
    const saved = await call('record.update', { collection: row.collection, id: row.id, values });
    for (const source of sources) source.settle(saved);
    return saved;
  } catch (error) {
    throw asRoadbookError(error);
  } finally {
    for (const undo of back) undo();
  }
}

/** Changes many, each as an act of its own: one that is refused never holds up the others. */
export async function updateMany(
  rows: readonly RecordRow[],
  values: Body,
  source: ViewSource,
  stages: readonly Stage[] = [],
): Promise<ManyResult> {
  return eachOf(rows, (row) => updateRecord(row, values, [source], stages));
}

export async function deleteMany(rows: readonly RecordRow[]): Promise<ManyResult> {
  return eachOf(rows, (row) => call('record.delete', { collection: row.collection, id: row.id }));
}

export async function restoreMany(rows: readonly RecordRow[]): Promise<void> {
  throwFirst(await eachOf(rows, (row) => call('record.restore', { collection: row.collection, id: row.id })));
}

/** Puts back what stood before. */
export async function undoUpdates(rows: readonly RecordRow[], names: readonly string[]): Promise<void> {
  throwFirst(
    await eachOf(rows, (row) =>
      call('record.update', { collection: row.collection, id: row.id, values: valuesBefore(row, names) }),
    ),
  );
}

async function eachOf(
  rows: readonly RecordRow[],
  act: (row: RecordRow) => Promise<unknown>,
): Promise<ManyResult> {
  const done: RecordRow[] = [];
  const refused: Refused[] = [];
  const queue = [...rows];
  const work = async () => {
    for (let row = queue.shift(); row !== undefined; row = queue.shift()) {
      try {
        await act(row);
        done.push(row);
      } catch (error) {
        refused.push({ row, error: asRoadbookError(error) });
      }
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, work));
  return { done, refused };
}

function throwFirst({ refused }: ManyResult): void {
  const [first] = refused;
  if (first !== undefined) throw first.error;
}
