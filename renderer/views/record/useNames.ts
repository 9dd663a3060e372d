import { useCallback, useEffect, useMemo, useState } from 'react';
import { type Entity, fieldOf, isCollection } from '../../../shared/model/index.ts';
import { call, on } from '../../bridge.ts';
import { NOT_HERE } from '../../forms/show.ts';
import { useDirectory } from '../../state/directory.ts';

export type Names = Readonly<Record<string, string>>;

/** Titles of the records that a form points to: people and pipelines are known, others are asked for once. */
export function useNames(entity: Entity, inputs: Readonly<Record<string, unknown>>) {
  const known = useKnownNames();
  const [picked, setPicked] = useState<Names>({});
  const setName = useCallback(
    (id: string, name: string) => setPicked((before) => ({ ...before, [id]: name })),
    [],
  );
  useWithdrawn(useCallback(() => setPicked({}), []));
  const here = useMemo(() => ({ ...known, ...picked }), [known, picked]);
  const unknown = Object.entries(inputs).flatMap(([name, value]) => {
    const spec = fieldOf(entity, name);
    const target = spec?.kind === 'reference' ? spec.target : undefined;
    if (typeof value !== 'string' || value === '' || target === undefined || !isCollection(target)) return [];
    return here[value] === undefined ? [`${target}/${value}`] : [];
  });
  const asked = useTitles(unknown);
  const names = useMemo(() => ({ ...here, ...asked }), [here, asked]);
  return { names, setName };
}

/** People, teams, territories and pipelines by their ids. */
export function useKnownNames(): Names {
  const people = useDirectory((state) => state.people);
  const teams = useDirectory((state) => state.teams);
  const territories = useDirectory((state) => state.territories);
  const pipelines = useDirectory((state) => state.pipelines);
  return useMemo(
    () =>
      Object.fromEntries(
        [...people, ...teams, ...territories, ...pipelines].map(({ id, name }) => [id, name]),
      ),
    [people, teams, territories, pipelines],
  );
}

/** Titles of these records, each asked for once. @param refs `collection/id` */
export function useTitles(refs: readonly string[]): Names {
  const [titles, setTitles] = useState<Names>({});
  // Answers that were on their way when records left are not believed: everything is asked for again.
  const [withdrawals, setWithdrawals] = useState(0);
  useWithdrawn(
    useCallback(() => {
      setTitles({});
      setWithdrawals((before) => before + 1);
    }, []),
  );
  const missing = refs.filter((ref) => titles[ref.slice(ref.indexOf('/') + 1)] === undefined).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above for `withdrawals`
  useEffect(() => {
    let left = false;
    for (const ref of missing.split(' ').filter(Boolean)) {
      const slash = ref.indexOf('/');
      const id = ref.slice(slash + 1);
      const note = (name: string) => {
        if (!left) setTitles((before) => ({ ...before, [id]: name }));
      };
      call('record.get', { collection: ref.slice(0, slash), id }).then(
        ({ row }) => note(row.name),
        // A record that is not here keeps its place without its name.
        () => note(NOT_HERE),
      );
    }
    return () => {
      left = true;
    };
  }, [missing, withdrawals]);
  return titles;
}

/** Records have left this device: what was known of them is to be forgotten. */
function useWithdrawn(forget: () => void): void {
  useEffect(() => on('records.withdrawn', forget), [forget]);
}
