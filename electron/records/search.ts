import type { SearchHit, SearchResult } from '../../shared/ipc/records.ts';
import { type CollectionName, collectionNames } from '../../shared/model/index.ts';
import { may } from '../../shared/rules/permissions.ts';
import type { SearchQuery } from '../store/contract.ts';
import type { Context } from './context.ts';
import type { Lists } from './lists.ts';
import { knownCollection } from './views.ts';

/** Searches everything that the role may read; hits come with their rows, marks and the names that they refer to. */
export async function searchEverything(
  context: Context,
  lists: Lists,
  { text, collections, limit }: { text: string; collections?: string[] | undefined; limit: number },
): Promise<SearchResult> {
  const query: SearchQuery = {
    text,
    limit,
    collections: readable(context.user.role, collections?.map(knownCollection) ?? collectionNames),
  };
  const answer = await context.store.search(query);
  const found = answer.hits.map(({ collection, doc }) => ({ collection: knownCollection(collection), doc }));
  const { rows, names } = await lists.present(found);
  const hits = answer.hits.flatMap(({ collection, excerpt }, index): SearchHit[] => {
    const row = rows[index];
    if (row === undefined) return [];
    return [{ collection, id: row.id, name: row.name, excerpt: [...excerpt], row, mark: row.mark }];
  });
  return { hits, names, complete: answer.complete, millis: answer.millis };
}

/** What of these a role may look for: an index must not tell what a list would not show. */
export function readable(role: string, collections: readonly CollectionName[]): CollectionName[] {
  return collections.filter((collection) => may(role, 'read', collection));
}
