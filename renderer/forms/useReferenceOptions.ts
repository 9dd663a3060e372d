import { useEffect, useMemo, useState } from 'react';
import { asRoadbookError, call } from '../bridge.ts';
import { useDirectory } from '../state/directory.ts';
import { closeView } from '../state/useViewCount.ts';

interface ReferenceOption {
  readonly value: string;
  readonly label: string;
  readonly note?: string;
}

const MOST = 20;
const LOOKING = 'Looking';
const NOTHING = 'Nothing fits';

/**
 * Records that a reference may point to: people and pipelines from the small tables, all others by search. `empty` says
 * why there is none to pick.
 */
export function useReferenceOptions(target: string, text: string, active: boolean) {
  const people = useDirectory((state) => state.people);
  const pipelines = useDirectory((state) => state.pipelines);
  const [found, setFound] = useState<readonly ReferenceOption[]>([]);
  const [empty, setEmpty] = useState(LOOKING);
  const remote = target !== 'directory' && target !== 'definitions';

  useEffect(() => {
    if (!active || !remote) return;
    let left = false;
    setEmpty(LOOKING);
    const ask = text.trim() === '' ? firstOf(target) : search(target, text);
    ask
      .then((options) => {
        if (left) return;
        setFound(options);
        setEmpty(NOTHING);
      })
      .catch((thrown: unknown) => {
        if (left) return;
        // Not the same as finding nothing; the next letter asks again.
        setFound([]);
        setEmpty(asRoadbookError(thrown).message);
      });
    return () => {
      left = true;
    };
  }, [target, text, active, remote]);

  const near = useMemo(() => {
    const words = text.trim().toLowerCase().split(/\s+/);
    const all =
      target === 'directory'
        ? people.filter((person) => person.active).map((person) => ({ value: person.id, label: person.name }))
        : pipelines.map((pipeline) => ({ value: pipeline.id, label: pipeline.name }));
    return all.filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)));
  }, [target, people, pipelines, text]);

  return remote ? { options: found, empty } : { options: near, empty: NOTHING };
}

async function search(target: string, text: string): Promise<ReferenceOption[]> {
  const { hits, names } = await call('search.query', {
    text: text.trim(),
    collections: [target],
    limit: MOST,
  });
  return hits.map((hit) => option(hit.row, names));
}

async function firstOf(target: string): Promise<ReferenceOption[]> {
  const view = await call('view.open', {
    collection: target,
    filters: [],
    sort: [{ field: 'name', direction: 'asc' }],
  });
  try {
    const page = await call('view.rows', { viewId: view.viewId, from: 0, count: MOST });
    return page.rows.map((row) => option(row, page.names));
  } finally {
    closeView(view.viewId);
  }
}

/** What tells two records of one name apart. */
function option(
  row: { id: string; name: string; body: Record<string, unknown> },
  names: Readonly<Record<string, string>>,
): ReferenceOption {
  const account = typeof row.body.account === 'string' ? names[row.body.account] : undefined;
  const note =
    account ?? [row.body.title, row.body.industry, row.body.code].find((part) => typeof part === 'string');
  return { value: row.id, label: row.name, ...(typeof note === 'string' ? { note } : {}) };
}
