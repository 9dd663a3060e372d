import type { SessionUser } from '../shared/sync/wire.ts';
import { DraftNotice } from './drafts/DraftNotice.tsx';
import { closeCreate, type Route, routeKey, useRouter } from './state/router.ts';
import { AuditPage } from './views/audit/AuditPage.tsx';
import { BoardPage } from './views/board/BoardPage.tsx';
import { InboxPage } from './views/inbox/InboxPage.tsx';
import { ListPage } from './views/list/ListPage.tsx';
import { Palette } from './views/palette/Palette.tsx';
import { CreateDialog } from './views/record/CreateDialog.tsx';
import { RecordPage } from './views/record/RecordPage.tsx';
import { SettingsPage } from './views/settings/SettingsPage.tsx';
import { KeysDialog } from './views/shell/KeysDialog.tsx';
import { Shell } from './views/shell/Shell.tsx';
import { SyncPage } from './views/sync/SyncPage.tsx';

export { enterWorkplace } from './enter.ts';

/** Everything that may be seen while unlocked. */
export function Workplace({ user }: { readonly user: SessionUser }) {
  const route = useRouter((state) => state.route);
  const create = useRouter((state) => state.create);
  const palette = useRouter((state) => state.palette);
  const keys = useRouter((state) => state.keys);
  return (
    <Shell user={user}>
      <Screen key={screenKey(route)} route={route} user={user} />
      {create !== null && <CreateDialog {...create} onClose={closeCreate} />}
      {palette && <Palette user={user} />}
      {keys && <KeysDialog />}
      <DraftNotice />
    </Shell>
  );
}

/** Screens keep their state while only something inside them changes. */
function screenKey(route: Route): string {
  return route.name === 'inbox' || route.name === 'audit' ? route.name : routeKey(route);
}

function Screen({ route, user }: { readonly route: Route; readonly user: SessionUser }) {
  switch (route.name) {
    case 'list':
      return <ListPage collection={route.collection} view={route.view} user={user} />;
    case 'board':
      return <BoardPage view={route.view} pipeline={route.pipeline} user={user} />;
    case 'record':
      return <RecordPage collection={route.collection} id={route.id} list={route.list} />;
    case 'audit':
      return <AuditPage record={route.record} />;
    case 'inbox':
      return <InboxPage item={route.item} />;
    case 'sync':
      return <SyncPage />;
    case 'settings':
      return <SettingsPage />;
  }
}
