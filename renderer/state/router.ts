import { create } from 'zustand';
import type { CollectionName } from '../../shared/model/index.ts';

/** Collections that have a list of their own. */
export const listCollections = ['accounts', 'contacts', 'leads', 'deals', 'activities', 'products'] as const;
export type ListCollection = (typeof listCollections)[number];

/** The list that a record was opened from: the way back, and previous/next through `view.indexOf` and `view.rows`. */
export interface ListContext {
  readonly viewId: string;
  readonly title: string;
  readonly route: Route;
}

export type Route =
  | { readonly name: 'list'; readonly collection: ListCollection; readonly view?: string | undefined }
  | { readonly name: 'board'; readonly view?: string | undefined; readonly pipeline?: string | undefined }
  | {
      readonly name: 'record';
      readonly collection: CollectionName;
      readonly id: string;
      readonly list?: ListContext | undefined;
    }
  | { readonly name: 'audit'; readonly record?: string | undefined }
  | { readonly name: 'inbox'; readonly item?: string | undefined }
  | { readonly name: 'sync' }
  | { readonly name: 'settings' };

/** A form for a new record that stands over the screen. */
export interface CreateRequest {
  readonly collection: CollectionName;
  /** Values to start with, e.g. the stage of the column whose plus was pressed. */
  readonly presets: Readonly<Record<string, unknown>>;
}

interface RouterState {
  readonly route: Route;
  /** Where Back leads, newest last. */
  readonly past: readonly Route[];
  readonly future: readonly Route[];
  readonly create: CreateRequest | null;
  readonly palette: boolean;
  readonly keys: boolean;
}

const MAX_PAST = 100;
const start: RouterState = {
  route: { name: 'list', collection: 'deals' },
  past: [],
  future: [],
  create: null,
  palette: false,
  keys: false,
};

/** Where the window is. In memory only: what was looked at is nobody's business after locking. */
export const useRouter = create<RouterState>()(() => start);

export function navigate(route: Route): void {
  useRouter.setState((state) => ({
    route,
    past: sameRoute(route, state.route) ? state.past : [...state.past, state.route].slice(-MAX_PAST),
    future: sameRoute(route, state.route) ? state.future : [],
    palette: false,
  }));
}

/** Another record in the same place (previous/next): Back still leads to the list. */
export function replaceRoute(route: Route): void {
  useRouter.setState({ route });
}

export function goBack(): void {
  useRouter.setState((state) => {
    const route = state.past.at(-1);
    if (route === undefined) return state;
    return { route, past: state.past.slice(0, -1), future: [...state.future, state.route] };
  });
}

export function goForward(): void {
  useRouter.setState((state) => {
    const route = state.future.at(-1);
    if (route === undefined) return state;
    return { route, future: state.future.slice(0, -1), past: [...state.past, state.route] };
  });
}

/** Opens the form for a new record. */
export function openCreate(collection: CollectionName, presets: CreateRequest['presets'] = {}): void {
  useRouter.setState({ create: { collection, presets }, palette: false });
}

export function closeCreate(): void {
  useRouter.setState({ create: null });
}

export function setPalette(open: boolean): void {
  useRouter.setState({ palette: open });
}

export function setKeys(open: boolean): void {
  useRouter.setState({ keys: open });
}

/** After locking nothing of what was open stays in memory. */
export function resetRouter(): void {
  useRouter.setState(start);
}

export function sameRoute(a: Route, b: Route): boolean {
  return routeKey(a) === routeKey(b);
}

/** One text per place, for keys and for remembering scroll positions. */
export function routeKey(route: Route): string {
  switch (route.name) {
    case 'list':
      return `list/${route.collection}/${route.view ?? ''}`;
    case 'board':
      return `board/${route.view ?? ''}/${route.pipeline ?? ''}`;
    case 'record':
      return `record/${route.collection}/${route.id}`;
    case 'audit':
      return `audit/${route.record ?? ''}`;
    case 'inbox':
      return `inbox/${route.item ?? ''}`;
    case 'sync':
    case 'settings':
      return route.name;
  }
}
