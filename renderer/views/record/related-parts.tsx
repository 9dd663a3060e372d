import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { CollectionName } from '../../../shared/model/index.ts';
import { Avatar } from '../../components/Avatar.tsx';
import { IconButton } from '../../components/Button.tsx';
import { count } from '../../format.ts';
import { navigate } from '../../state/router.ts';

/** Rows that a list beside a record shows. */
export const FEW = 5;

interface SectionProps {
  readonly title: string;
  readonly count: number | null;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ title, count: total, action, children }: SectionProps) {
  return (
    <section>
      <div className="row related-head">
        <h2 className="b tr">{title}</h2>
        {total !== null && <span className="n q f11">{count(total)}</span>}
        <span className="sp" />
        {action}
      </div>
      {children}
    </section>
  );
}

export function Add({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return <IconButton size="s" icon={Plus} label={label} onClick={onClick} />;
}

export function more(total: number | null, shown: number): ReactNode {
  if (total === null || total <= shown) return null;
  return <p className="q f12 related-more">and {count(total - shown)} more</p>;
}

interface PersonRowProps {
  readonly collection: CollectionName;
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly square?: boolean;
  readonly action?: ReactNode;
}

export function PersonRow({ collection, id, name, note, square = false, action }: PersonRowProps) {
  return (
    <div className="related-person">
      <button type="button" onClick={() => navigate({ name: 'record', collection, id })}>
        <Avatar name={name} id={id} size="m" square={square} />
        <span className="tr">
          <span className="b tr">{name}</span>
          {note !== '' && <span className="f12 q tr">{note}</span>}
        </span>
      </button>
      {action}
    </div>
  );
}

export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
