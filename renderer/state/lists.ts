import { create } from 'zustand';
import type { Filter, Sort } from '../../shared/ipc.ts';
import { closeViews } from './viewCache.ts';

/** What a person set on a list; absent where the view's own settings hold. */
export interface ListSettings {
  readonly filters?: readonly Filter[];
  readonly sort?: readonly Sort[];
}

/** Where the person was in a list, for the way back. */
export interface Place {
  readonly offset: number;
  readonly cursor: number;
}

interface ListStore {
  /** By `routeKey` of the list or board. */
  readonly settings: Readonly<Record<string, ListSettings>>;
}

export const useLists = create<ListStore>()(() => ({ settings: {} }));
const places = new Map<string, Place>();

export function setList(key: string, change: ListSettings): void {
  places.delete(key);
  useLists.setState(({ settings }) => ({
    settings: { ...settings, [key]: { ...settings[key], ...change } },
  }));
}

/** Back to how the view comes. */
export function resetList(key: string): void {
  places.delete(key);
  useLists.setState(({ settings }) => {
    const { [key]: _gone, ...rest } = settings;
    return { settings: rest };
  });
}

export function placeOf(key: string): Place {
  return places.get(key) ?? { offset: 0, cursor: -1 };
}

export function rememberPlace(key: string, place: Partial<Place>): void {
  places.set(key, { ...placeOf(key), ...place });
}

/** After locking: filters hold names and amounts, so they go too. */
export function forgetLists(): void {
  places.clear();
  useLists.setState({ settings: {} });
  closeViews();
}
