import { useEffect } from 'react';
import { type CollectionName, entityOf } from '../../../shared/model/index.ts';
import { may } from '../../../shared/rules/permissions.ts';
import type { SessionUser } from '../../../shared/sync/wire.ts';
import { on } from '../../bridge.ts';
import { type Keys, useShortcuts } from '../../keys.ts';
import { toggleSidebar } from '../../state/preferences.ts';
import {
  goBack,
  goForward,
  navigate,
  openCreate,
  type Route,
  setKeys,
  setPalette,
  useRouter,
} from '../../state/router.ts';
import { syncNow } from '../../state/sync.ts';
import { lock } from './Sidebar.tsx';

/** Where the two-key jumps lead: G, then a letter. */
export const jumps: readonly { readonly keys: Keys; readonly label: string; readonly to: Route }[] = [
  { keys: 'g i', label: 'Inbox', to: { name: 'inbox' } },
  { keys: 'g a', label: 'Accounts', to: { name: 'list', collection: 'accounts' } },
  { keys: 'g c', label: 'Contacts', to: { name: 'list', collection: 'contacts' } },
  { keys: 'g l', label: 'Leads', to: { name: 'list', collection: 'leads' } },
  { keys: 'g d', label: 'Deals', to: { name: 'list', collection: 'deals' } },
  { keys: 'g t', label: 'Activities', to: { name: 'list', collection: 'activities' } },
  { keys: 'g p', label: 'Products', to: { name: 'list', collection: 'products' } },
  { keys: 'g b', label: 'Deal board', to: { name: 'board' } },
  { keys: 'g y', label: 'Sync status', to: { name: 'sync' } },
  { keys: 'g u', label: 'Audit log', to: { name: 'audit' } },
  { keys: 'g s', label: 'Settings', to: { name: 'settings' } },
];

/** What `C` makes on that screen; null where there is nothing to make. */
export function creatable(route: Route, role: string): CollectionName | null {
  const collection: CollectionName | null =
    route.name === 'list' || route.name === 'record'
      ? route.collection
      : route.name === 'board'
        ? 'deals'
        : null;
  if (collection === null || !entityOf(collection).editable || !may(role, 'create', collection)) return null;
  return collection;
}

/** Keys that work on every screen, and the commands of the application menu. */
export function useShellKeys(user: SessionUser): void {
  const route = useRouter((state) => state.route);
  const create = () => {
    const collection = creatable(route, user.role);
    if (collection !== null) openCreate(collection);
  };
  useShortcuts({
    'mod+k': () => setPalette(true),
    'mod+l': lock,
    c: create,
    '?': () => setKeys(true),
    '[': toggleSidebar,
    'alt+arrowleft': goBack,
    'alt+arrowright': goForward,
    ...Object.fromEntries(jumps.map(({ keys, to }) => [keys, () => navigate(to)])),
  });
  useEffect(
    () =>
      on('command', ({ name }) => {
        if (name === 'search.open') setPalette(true);
        else if (name === 'record.new') {
          openCreate(creatable(useRouter.getState().route, user.role) ?? 'deals');
        } else if (name === 'app.lock') lock();
        else if (name === 'sync.now') void syncNow();
      }),
    [user.role],
  );
}
