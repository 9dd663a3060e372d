import { useEffect, useRef, useState } from 'react';
import type { RoadbookError } from '../../../shared/errors.ts';
import type { SearchResult } from '../../../shared/ipc.ts';
import { asRoadbookError, call } from '../../bridge.ts';
import { listCollections } from '../../state/router.ts';
import { LatestSearch } from './search.ts';

const LIMIT = 8;

export interface SearchState {
  readonly result: SearchResult | null;
  /** The text that the result belongs to. */
  readonly text: string;
  /** True from the letter on, not from an effect later: what is shown meanwhile belongs to an older text. */
  readonly pending: boolean;
  readonly error: RoadbookError | null;
}

/** The newest answer and the question that it answers. */
interface Answered {
  readonly key: string;
  readonly text: string;
  readonly result: SearchResult | null;
  readonly error: RoadbookError | null;
}

const idle: SearchState = { result: null, text: '', pending: false, error: null };
const unasked: Answered = { key: '', text: '', result: null, error: null };

export function useSearch(text: string, collection: string | null): SearchState {
  const [answered, setAnswered] = useState<Answered>(unasked);
  const search = useRef<LatestSearch | null>(null);
  const trimmed = text.trim();
  const key = keyOf(trimmed, collection);
  useEffect(() => {
    search.current ??= new LatestSearch(
      (request) =>
        call('search.query', {
          text: request.text,
          limit: LIMIT,
          collections: [...(request.collections ?? listCollections)],
        }),
      ({ text: asked, collections }, result) =>
        setAnswered({ key: keyOf(asked, collections?.[0] ?? null), text: asked, result, error: null }),
      ({ text: asked, collections }, error) =>
        setAnswered({
          key: keyOf(asked, collections?.[0] ?? null),
          text: asked,
          result: null,
          error: asRoadbookError(error),
        }),
    );
    search.current.want(
      trimmed === ''
        ? null
        : { text: trimmed, ...(collection === null ? {} : { collections: [collection] }) },
    );
  }, [trimmed, collection]);
  if (trimmed === '') return idle;
  const pending = answered.key !== key;
  return { result: answered.result, text: answered.text, pending, error: pending ? null : answered.error };
}

function keyOf(text: string, collection: string | null): string {
  return `${collection ?? ''}/${text}`;
}
