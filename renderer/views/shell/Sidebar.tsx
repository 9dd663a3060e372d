import './sidebar.css';
import {
  ChevronsUpDown,
  Columns3,
  Inbox,
  ListFilter,
  Lock,
  type LucideIcon,
  PanelLeft,
  RefreshCw,
  ScrollText,
  Search,
  Settings,
} from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import type { ViewRequest } from '../../../shared/ipc.ts';
import { entityOf } from '../../../shared/model/index.ts';
import type { SessionUser } from '../../../shared/sync/wire.ts';
import { asRoadbookError, call } from '../../bridge.ts';
import { Avatar } from '../../components/Avatar.tsx';
import { IconButton } from '../../components/Button.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Kbd, modifier } from '../../components/Kbd.tsx';
import { Logo } from '../../components/Logo.tsx';
import { Menu, MenuItem, MenuLabel, MenuRule } from '../../components/Menu.tsx';
import { flushDrafts } from '../../drafts/session.ts';
import { count } from '../../format.ts';
import { setAppState } from '../../state/app.ts';
import { type BuiltinView, builtinViews, viewRoute } from '../../state/builtin-views.ts';
import { useCounts } from '../../state/counts.ts';
import { useDirectory } from '../../state/directory.ts';
import { toggleSidebar, usePreferences } from '../../state/preferences.ts';
import { listCollections, navigate, type Route, setPalette, useRouter } from '../../state/router.ts';
import { syncNow, useSync } from '../../state/sync.ts';
import { showTrouble } from '../../state/toasts.ts';
import { useViewCount } from '../../state/useViewCount.ts';
import { objectIcons } from './objects.ts';
import { SyncPill } from './SyncPill.tsx';

export function Sidebar({ user }: { readonly user: SessionUser }) {
  const wide = usePreferences((state) => state.sidebar);
  const needYou = useSync((state) => state.status?.needYou ?? 0);
  const pipelines = useDirectory((state) => state.pipelines);
  const views = useMemo(() => builtinViews(user, pipelines), [user, pipelines]);
  return (
    <aside className="side" aria-label="Sidebar">
      <div className="ws">
        <Logo size={20} />
        <span className="tr side-word">Roadbook</span>
        <span className="sp" />
        <IconButton
          icon={PanelLeft}
          label={wide ? 'Narrow the sidebar' : 'Widen the sidebar'}
          size="s"
          onClick={toggleSidebar}
        />
      </div>
      <button type="button" className="jump" title="Search or jump to" onClick={() => setPalette(true)}>
        <Icon of={Search} />
        <span className="tr side-word">Search or jump to</span>
        <span className="sp" />
        <Kbd>{`${modifier} K`}</Kbd>
      </button>
      <nav className="side-nav" aria-label="Main">
        <NavItem icon={Inbox} to={{ name: 'inbox' }} label="Inbox">
          {needYou > 0 && (
            <span className="need n" role="img" aria-label={`${needYou} need you`}>
              {count(needYou)}
            </span>
          )}
        </NavItem>
        <h2 className="sec">Records</h2>
        {listCollections.map((collection) => (
          <RecordsItem key={collection} collection={collection} />
        ))}
        <h2 className="sec">Views</h2>
        {views.map((view) => (
          <ViewItem key={view.id} view={view} ready={pipelines.length > 0} />
        ))}
        <h2 className="sec">System</h2>
        <NavItem icon={RefreshCw} to={{ name: 'sync' }} label="Sync status" />
        <NavItem icon={ScrollText} to={{ name: 'audit' }} label="Audit log" />
        <NavItem icon={Settings} to={{ name: 'settings' }} label="Settings" />
      </nav>
      <SyncPill />
      <UserRow user={user} />
    </aside>
  );
}

interface NavItemProps {
  readonly icon: LucideIcon;
  readonly to: Route;
  readonly label: string;
  readonly children?: ReactNode;
}

function NavItem({ icon, to, label, children }: NavItemProps) {
  const on = useRouter((state) => owns(to, state.route));
  return (
    <button
      type="button"
      className={on ? 'nav on' : 'nav'}
      aria-current={on ? 'page' : undefined}
      title={label}
      // A press leaves the focus to the screen that opens: kept here, it would take that screen's Enter.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => navigate(to)}
    >
      <Icon of={icon} />
      <span className="tr side-word">{label}</span>
      {children}
    </button>
  );
}

function RecordsItem({ collection }: { readonly collection: (typeof listCollections)[number] }) {
  const total = useCounts((state) => state.counts[collection]);
  return (
    <NavItem
      icon={objectIcons[collection]}
      to={{ name: 'list', collection }}
      label={entityOf(collection).labelPlural}
    >
      {total !== undefined && <span className="n">{count(total)}</span>}
    </NavItem>
  );
}

function ViewItem({ view, ready }: { readonly view: BuiltinView; readonly ready: boolean }) {
  const request = useMemo<ViewRequest | null>(
    () => (ready ? { collection: view.collection, filters: [...view.filters], sort: [] } : null),
    [view, ready],
  );
  const total = useViewCount(request);
  return (
    <NavItem icon={view.shape === 'board' ? Columns3 : ListFilter} to={viewRoute(view)} label={view.label}>
      {total !== null && <span className="n">{count(total)}</span>}
    </NavItem>
  );
}

/** A record belongs to the list that it was opened from, or to the list of its object. */
function owns(to: Route, route: Route): boolean {
  if (route.name === 'record') {
    if (route.list !== undefined) return owns(to, route.list.route);
    return to.name === 'list' && to.view === undefined && to.collection === route.collection;
  }
  if (to.name !== route.name)
    return to.name === 'list' && route.name === 'board' && isDeals(to) && route.view === undefined;
  if (to.name === 'list' && route.name === 'list') {
    return to.collection === route.collection && to.view === route.view;
  }
  if (to.name === 'board' && route.name === 'board') return to.view === route.view;
  return true;
}

function isDeals(to: Route): boolean {
  return to.name === 'list' && to.collection === 'deals' && to.view === undefined;
}

const roleWords: Record<string, string> = {
  admin: 'Admin',
  manager: 'Manager',
  rep: 'Rep',
  'read-only': 'Read-only',
};

function UserRow({ user }: { readonly user: SessionUser }) {
  const territories = useDirectory((state) => state.territories);
  const territory = territories.find((candidate) => candidate.id === user.territory)?.name;
  const role = roleWords[user.role] ?? user.role;
  return (
    <Menu
      label="Your account"
      side="top"
      trigger={
        <button type="button" className="me">
          <Avatar name={user.name} id={user.id} size="m" />
          <span className="me-name tr side-word">
            <span className="b f12 tr">{user.name}</span>
            <span className="f11 q tr">{territory === undefined ? role : `${role}, ${territory}`}</span>
          </span>
          <span className="sp" />
          <Icon of={ChevronsUpDown} size={14} tone={3} />
        </button>
      }
    >
      <MenuLabel>{user.email}</MenuLabel>
      <MenuItem icon={RefreshCw} onSelect={() => void syncNow()}>
        Sync now
      </MenuItem>
      <MenuItem icon={Settings} onSelect={() => navigate({ name: 'settings' })}>
        Settings
      </MenuItem>
      <MenuRule />
      <MenuItem icon={Lock} kbd={`${modifier} L`} onSelect={lock}>
        Lock Roadbook
      </MenuItem>
    </Menu>
  );
}

/** Locks; the state that follows shows the unlock screen. When it fails everything stays open, and the screen says so. */
export function lock(): void {
  // What was typed a moment ago must be on the disk before the key to it is gone.
  flushDrafts()
    .then(() => call('app.lock'))
    .then(setAppState, (thrown: unknown) => showTrouble('Roadbook is not locked.', asRoadbookError(thrown)));
}
