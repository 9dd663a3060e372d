import { PageHead } from '../shell/Page.tsx';

export function SettingsPage() {
  return <PageHead title="Settings" />;
}
