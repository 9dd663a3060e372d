import { PageHead } from '../shell/Page.tsx';

export function AuditPage(_props: { readonly record?: string | undefined }) {
  return <PageHead title="Audit log" />;
}
