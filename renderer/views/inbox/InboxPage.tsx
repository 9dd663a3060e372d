import { PageHead } from '../shell/Page.tsx';

export function InboxPage(_props: { readonly item?: string | undefined }) {
  return <PageHead title="Inbox" />;
}
