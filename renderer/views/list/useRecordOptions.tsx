import { useEffect, useRef, useState } from 'react';
import { call } from '../../bridge.ts';
import { Avatar } from '../../components/Avatar.tsx';
import type { Option } from '../../components/OptionList.tsx';

const LIMIT = 30;

interface RecordOptions {
  readonly options: readonly Option[];
  readonly onType: (text: string) => void;
}

/**
 * Records to pick from: the chosen ones first, then what fits the text. A slow answer to an older text is dropped.
 * @param collection null: nothing is searched
 */
export function useRecordOptions(
  collection: string | null,
  chosen: ReadonlySet<string>,
  names: Readonly<Record<string, string>>,
): RecordOptions {
  const [text, setText] = useState('');
  const [found, setFound] = useState<readonly { id: string; name: string }[]>([]);
  const asked = useRef(0);
  const known = useRef<Record<string, string>>({});
  useEffect(() => {
    if (collection === null) return;
    asked.current += 1;
    const turn = asked.current;
    load(collection, text).then(
      (rows) => {
        for (const row of rows) known.current[row.id] = row.name;
        if (turn === asked.current) setFound(rows);
      },
      // Without an answer there is simply nothing to pick.
      () => setFound([]),
    );
  }, [collection, text]);
  const square = collection === 'accounts' || collection === 'products';
  const option = (id: string, name: string): Option => ({
    value: id,
    label: name,
    mark: <Avatar name={name} id={id} square={square} />,
  });
  const kept = text === '' ? [...chosen] : [];
  return {
    options: [
      ...kept.map((id) => option(id, names[id] ?? known.current[id] ?? 'One record')),
      ...found.filter((row) => !kept.includes(row.id)).map((row) => option(row.id, row.name)),
    ],
    onType: setText,
  };
}

async function load(collection: string, text: string): Promise<{ id: string; name: string }[]> {
  if (text.trim() !== '') {
    const collections = collection === '*' ? undefined : [collection];
    const { hits } = await call('search.query', {
      text,
      limit: LIMIT,
      ...(collections === undefined ? {} : { collections }),
    });
    return hits.map(({ id, name }) => ({ id, name }));
  }
  if (collection === '*') return [];
  const view = await call('view.open', {
    collection,
    filters: [],
    sort: [{ field: 'name', direction: 'asc' }],
  });
  try {
    const { rows } = await call('view.rows', { viewId: view.viewId, from: 0, count: LIMIT });
    return rows.map(({ id, name }) => ({ id, name }));
  } finally {
    await call('view.close', { viewId: view.viewId });
  }
}
