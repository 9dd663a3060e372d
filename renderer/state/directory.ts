import { create } from 'zustand';
import type { RecordRow } from '../../shared/ipc.ts';
import type { Stage } from '../../shared/model/index.ts';
import { stagesOf } from '../../shared/rules/stages.ts';
import { call, on } from '../bridge.ts';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly active: boolean;
}

export interface Pipeline {
  readonly id: string;
  readonly name: string;
  readonly stages: readonly Stage[];
}

interface DirectoryStore {
  readonly people: readonly Person[];
  readonly teams: readonly { readonly id: string; readonly name: string }[];
  readonly territories: readonly { readonly id: string; readonly name: string }[];
  readonly pipelines: readonly Pipeline[];
  readonly lostReasons: readonly string[];
  /** The currency that new amounts start with. */
  readonly currency: string;
  readonly loaded: boolean;
}

const empty: DirectoryStore = {
  people: [],
  teams: [],
  territories: [],
  pipelines: [],
  lostReasons: [],
  currency: 'USD',
  loaded: false,
};

/** Small tables that every screen reads: people, teams, territories, pipelines with their stages, lost reasons. */
export const useDirectory = create<DirectoryStore>()(() => empty);

/** Stage of a deal by its id, in its own pipeline where that is known. */
export function findStage(
  pipelines: readonly Pipeline[],
  stageId: string,
  pipelineId?: unknown,
): { stage: Stage; stages: readonly Stage[] } | undefined {
  const ordered = [...pipelines].sort((a, b) => Number(b.id === pipelineId) - Number(a.id === pipelineId));
  for (const { stages } of ordered) {
    const stage = stages.find((candidate) => candidate.id === stageId);
    if (stage !== undefined) return { stage, stages };
  }
  return undefined;
}

/** Loads the tables and follows them; answers with the way to stop. */
export function watchDirectory(): () => void {
  let stopped = false;
  const refresh = () => {
    call('tables.get').then(
      ({ directory, definitions }) => {
        if (!stopped) useDirectory.setState(directoryFrom(directory, definitions));
      },
      // Without these tables ids are shown as "unknown"; the next change or opening tries again.
      (error: Error) => {
        console.warn('The tables of people and stages could not be read.', error.name);
        useDirectory.setState({ loaded: true });
      },
    );
  };
  refresh();
  const stop = on('tables.changed', refresh);
  return () => {
    stopped = true;
    stop();
    useDirectory.setState(empty);
  };
}

export function directoryFrom(
  directory: readonly RecordRow[],
  definitions: readonly RecordRow[],
): DirectoryStore {
  const ofKind = (rows: readonly RecordRow[], kind: string) =>
    rows.filter((row) => row.body.kind === kind && !row.deleted);
  const named = (row: RecordRow) => ({ id: row.id, name: row.name });
  const reasons = ofKind(definitions, 'lostReasons').flatMap((row) =>
    Array.isArray(row.body.choices) ? row.body.choices.map(String) : [],
  );
  const currency = ofKind(definitions, 'company').map((row) => row.body.currency)[0];
  return {
    people: ofKind(directory, 'user')
      .map((row) => ({
        id: row.id,
        name: row.name,
        role: String(row.body.role ?? ''),
        active: row.body.active !== false,
      }))
      .sort((a, b) => a.name.localeCompare(b.name)),
    teams: ofKind(directory, 'team').map(named),
    territories: ofKind(directory, 'territory').map(named),
    pipelines: ofKind(definitions, 'pipeline')
      .sort((a, b) => Number(a.body.order ?? 0) - Number(b.body.order ?? 0))
      .map((row) => ({ id: row.id, name: row.name, stages: stagesOf(row) })),
    lostReasons: [...new Set(reasons)],
    currency: typeof currency === 'string' ? currency : 'USD',
    loaded: true,
  };
}
