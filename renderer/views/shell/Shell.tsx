import { type ReactNode, useState } from 'react';
import type { SessionUser } from '../../../shared/sync/wire.ts';
import { FloatArea } from '../../components/Dialog.tsx';
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
  const [floats, setFloats] = useState<HTMLElement | null>(null);
  useShellKeys(user);
  return (
    <FloatArea host={floats}>
      <div className={wide ? 'app' : 'app rail'}>
        <Sidebar user={user} />
        <main className="main">
          {children}
          <UndoToast />
          <div ref={setFloats} />
        </main>
      </div>
    </FloatArea>
  );
}
