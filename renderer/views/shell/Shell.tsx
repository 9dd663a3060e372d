import type { ReactNode } from 'react';
import type { SessionUser } from '../../../shared/sync/wire.ts';
import { UndoToast } from '../../components/Toast.tsx';
import { usePreferences } from '../../state/preferences.ts';
import { Sidebar } from './Sidebar.tsx';
import { useShellKeys } from './useShellKeys.ts';

interface ShellProps {
  readonly user: SessionUser;
  readonly children: ReactNode;
}

/** Sidebar at the left, the screen at the right, and the keys that work everywhere. */
export function Shell({ user, children }: ShellProps) {
  const wide = usePreferences((state) => state.sidebar);
  useShellKeys(user);
  return (
    <div className={wide ? 'app' : 'app rail'}>
      <Sidebar user={user} />
      <main className="main">{children}</main>
      <UndoToast />
    </div>
  );
}
