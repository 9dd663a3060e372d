import { type CollectionName, entityOf, fieldOf, isCollection } from '../../shared/model/index.ts';
import { call } from '../bridge.ts';
import type { Draft } from './drafts.ts';

/** An unfinished form from before, and the way back to it. */
export type Leftover = {
  readonly identity: string;
  /** ms since 1970 */
  readonly at: number;
  /** "a new deal", "a note on Isdom". */
  readonly words: string;
  readonly collection: CollectionName;
} & (
  | { readonly to: 'create'; readonly presets: Readonly<Record<string, unknown>> }
  | { readonly to: 'record'; readonly id: string }
);

/** Reads what a draft was for from its identity and payload; null for forms that this version does not know. */
export async function leftoverOf(draft: Draft): Promise<Leftover | null> {
  const { identity, at } = draft;
  const [kind, name = '', id = '', field = ''] = identity.split(':');
  if (!isCollection(name)) return null;
  if (kind === 'create') {
    const { presets } = (draft.payload ?? {}) as { presets?: Record<string, unknown> };
    return {
      identity,
      at,
      to: 'create',
      collection: name,
      presets: presets ?? {},
      words: `a new ${entityOf(name).singular}`,
    };
  }
  const title = await titleOf(name, id);
  if (kind === 'note') {
    return { identity, at, to: 'record', collection: name, id, words: `a note on ${title}` };
  }
  if (kind !== 'edit') return null;
  const label = fieldOf(entityOf(name), field)?.label ?? field;
  return { identity, at, to: 'record', collection: name, id, words: `${label.toLowerCase()} of ${title}` };
}

async function titleOf(collection: CollectionName, id: string): Promise<string> {
  try {
    return (await call('record.get', { collection, id })).row.name;
  } catch {
    // The record may be gone; what was typed for it can still be read or thrown away.
    return `${entityOf(collection).singular} that is not here`;
  }
}
