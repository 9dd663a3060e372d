import { Columns3, ListFilter, Lock, type LucideIcon, Plus, RefreshCw } from 'lucide-react';
import type { SearchHit } from '../../../shared/ipc.ts';
import { entityOf } from '../../../shared/model/index.ts';
import { may } from '../../../shared/rules/permissions.ts';
import { modifier } from '../../components/Kbd.tsx';
import { setList } from '../../state/lists.ts';
import { listCollections, navigate, openCreate, type Route, routeKey } from '../../state/router.ts';
import { syncNow } from '../../state/sync.ts';
import { objectIcons } from '../shell/objects.ts';
import { lock } from '../shell/Sidebar.tsx';
import { jumps } from '../shell/useShellKeys.ts';
import { fold } from './search.ts';

export interface PaletteAction {
  readonly id: string;
  readonly label: string;
  readonly icon: LucideIcon;
  readonly keys: readonly string[];
  readonly run: () => void;
}

interface ActionContext {
  readonly role: string;
  readonly route: Route;
  readonly text: string;
  readonly hits: readonly SearchHit[];
}

const MAX_ACTIONS = 7;

/** What can be done from here: about the record that was found first, then whatever fits the words. */
export function actionsFor({ role, route, text, hits }: ActionContext): readonly PaletteAction[] {
  const words = fold(text).split(/\s+/).filter(Boolean);
  const fits = (action: PaletteAction) => words.every((word) => fold(action.label).includes(word));
  return [...aboutHit(hits[0], role, route), ...general(role).filter(fits)].slice(0, MAX_ACTIONS);
}

function aboutHit(hit: SearchHit | undefined, role: string, route: Route): PaletteAction[] {
  if (hit === undefined || hit.collection !== 'accounts') return [];
  const actions: PaletteAction[] = [];
  if (may(role, 'create', 'deals')) {
    actions.push({
      id: 'new-deal-for',
      label: `New deal for ${hit.name}`,
      icon: Plus,
      keys: [],
      run: () => openCreate('deals', { account: hit.id }),
    });
  }
  if (route.name === 'list' && (route.collection === 'deals' || route.collection === 'contacts')) {
    actions.push({
      id: 'filter-by',
      label: `Filter this list: Account is ${hit.name}`,
      icon: ListFilter,
      keys: [],
      run: () => {
        setList(routeKey(route), { filters: [{ field: 'account', op: 'any-of', value: [hit.id] }] });
        navigate(route);
      },
    });
  }
  return actions;
}

function general(role: string): PaletteAction[] {
  const go = jumps.map(
    ({ keys, label, to }): PaletteAction => ({
      id: `go ${keys}`,
      label: `Go to ${label}`,
      icon:
        to.name === 'list'
          ? objectIcons[to.collection]
          : to.name === 'board'
            ? Columns3
            : objectIcons[to.name === 'inbox' ? 'inbox' : 'definitions'],
      keys: keys.toUpperCase().split(' '),
      run: () => navigate(to),
    }),
  );
  const create = listCollections
    .filter((collection) => may(role, 'create', collection))
    .map(
      (collection): PaletteAction => ({
        id: `new ${collection}`,
        label: `New ${entityOf(collection).singular}`,
        icon: Plus,
        keys: [],
        run: () => openCreate(collection),
      }),
    );
  return [
    ...go,
    ...create,
    { id: 'sync', label: 'Sync now', icon: RefreshCw, keys: [], run: () => void syncNow() },
    { id: 'lock', label: 'Lock Roadbook', icon: Lock, keys: [`${modifier} L`], run: lock },
  ];
}
