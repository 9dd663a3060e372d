import './page.css';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Icon } from '../../components/Icon.tsx';

interface PageHeadProps {
  readonly icon?: LucideIcon;
  /** The page's only h1. */
  readonly title: string;
  /** After the title: a trail, a tag, a note. */
  readonly children?: ReactNode;
  /** At the right: buttons, the primary one last. */
  readonly actions?: ReactNode;
}

/** Head of a page, 44 high. */
export function PageHead({ icon, title, children, actions }: PageHeadProps) {
  return (
    <header className="hdr">
      <span className="row g6">
        {icon !== undefined && <Icon of={icon} />}
        <h1>{title}</h1>
      </span>
      {children}
      <span className="sp" />
      {actions}
    </header>
  );
}

/** Row of tools under the head, 40 high. */
export function Toolbar({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="bar" role="toolbar" aria-label={label}>
      {children}
    </div>
  );
}

/** Foot of a page, 28 high: counts and sums at the left, keys at the right. */
export function StatusLine({ children }: { readonly children: ReactNode }) {
  return <footer className="status">{children}</footer>;
}
