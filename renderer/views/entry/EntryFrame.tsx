import '../../components/marks.css';
import './entry.css';
import type { ReactNode } from 'react';
import { Logo } from '../../components/Logo.tsx';

interface EntryFrameProps {
  readonly title: string;
  readonly lead: ReactNode;
  readonly children: ReactNode;
  readonly strip: ReactNode;
  /** Left and right of the foot line. */
  readonly foot: ReactNode;
  readonly footEnd?: ReactNode;
  /** wide: 520 px, where a table stands in it. */
  readonly wide?: boolean;
}

/** Every screen before the records: what is asked on the left, the road book on the right. */
export function EntryFrame({ title, lead, children, strip, foot, footEnd, wide = false }: EntryFrameProps) {
  return (
    <div className="entry">
      <main className="entry-main">
        <div className="row entry-brand">
          <Logo size={24} />
          <span className="bb f15">Roadbook</span>
        </div>
        <div className={wide ? 'entry-box wide' : 'entry-box'}>
          <h1>{title}</h1>
          <p className="m entry-lead">{lead}</p>
          {children}
        </div>
        <footer className="row f12 q entry-foot">
          {foot}
          <span className="sp" />
          {footEnd}
        </footer>
      </main>
      {strip}
    </div>
  );
}
