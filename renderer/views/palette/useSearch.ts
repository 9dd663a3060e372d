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
  readonly pending: boolean;
  readonly error: RoadbookError | null;
}

const idle: SearchState = { result: null, text: '', pending: false, error: null };

export function useSearch(text: string, collection: string | null): SearchState {
  const [state, setState] = useState<SearchState>(idle);
  const search = useRef<LatestSearch | null>(null);
  useEffect(() => {
    search.current ??= new LatestSearch(
      (request) =>
        call('search.query', {
          text: request.text,
          limit: LIMIT,
          collections: [...(request.collections ?? listCollections)],
        }),
      (request, result) => setState({ result, text: request.text, pending: false, error: null }),
      (error) => setState({ ...idle, error: asRoadbookError(error) }),
    );
    const trimmed = text.trim();
    if (trimmed === '') {
      search.current.want(null);
      setState(idle);
      return;
    }
    setState((old) => ({ ...old, pending: true }));
    search.current.want({
      text: trimmed,
      ...(collection === null ? {} : { collections: [collection] }),
    });
  }, [text, collection]);
  return state;
}
