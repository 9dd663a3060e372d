import { ArrowRight } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import type { AuditEntry } from '../../../shared/ipc.ts';
import type { Stage } from '../../../shared/model/index.ts';
import { Avatar } from '../../components/Avatar.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Logo } from '../../components/Logo.tsx';
import { count, dayMonth, instant, timeExact, today } from '../../format.ts';
import { fromTo, iconOf, recordOf, whatOf } from './describe.ts';

interface AuditRowProps {
  readonly entry: AuditEntry;
  readonly stages: readonly Stage[];
  /** People and other small tables by their ids. */
  readonly names: Readonly<Record<string, string>>;
}

/** Cells of one entry. */
export const AuditRow = memo(function AuditRow({ entry, stages, names }: AuditRowProps) {
  const change = fromTo(entry, stages, names);
  const face = change?.figures === true ? ' n' : '';
  return (
    <>
      <Cell className="n r q">{count(entry.seq)}</Cell>
      <Cell className="n m">{entry.at === '' ? '' : logTime(entry.at)}</Cell>
      <Cell className="row">
        {entry.userName === '' ? (
          <>
            <Logo size={20} />
            <span className="tr">{entry.kind === 'erased' ? 'Not kept' : 'Roadbook'}</span>
          </>
        ) : (
          <>
            <Avatar name={entry.userName} id={entry.user} />
            <span className="tr">{shortName(entry.userName)}</span>
          </>
        )}
      </Cell>
      <Cell className="row g6">
        <Icon of={iconOf(entry)} tone={3} />
        <span className="tr">{whatOf(entry)}</span>
      </Cell>
      <Cell className="row g6">
        <span className="b tr">{recordOf(entry)}</span>
        {entry.state === 'saved' && (
          <span
            className="dot un"
            role="img"
            aria-label="Saved here, not sent"
            title="Saved here, not sent"
          />
        )}
        {(entry.state === 'conflict' || entry.state === 'refused') && (
          <span className="dia" role="img" aria-label="Needs you" title="Needs you" />
        )}
      </Cell>
      <Cell className="row g6">
        {change !== null && (
          <>
            <span className={change.from === '' ? 'q' : `st q tr audit-from${face}`}>
              {change.from || 'empty'}
            </span>
            <Icon of={ArrowRight} size={14} tone={3} />
            <span className={`tr${face}`}>{change.to || 'empty'}</span>
          </>
        )}
      </Cell>
      <Cell className="n r q f11">{entry.hash.slice(0, 6)}</Cell>
    </>
  );
});

export function Cell({ className, children }: { readonly className: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and points at its row
    // biome-ignore lint/a11y/useSemanticElements: rows are absolutely placed, which table cells cannot be
    <span className={className} role="gridcell">
      {children}
    </span>
  );
}

/** `09:41:02` today, `Mon 17:58` this week, then the day. */
function logTime(iso: string): string {
  const now = new Date();
  if (today(new Date(iso)) === today(now)) return timeExact(iso);
  const days = (now.getTime() - Date.parse(iso)) / 86_400_000;
  if (days < 6) return instant(iso, now).replace('yesterday', weekday(iso));
  return dayMonth(today(new Date(iso)), now);
}

function weekday(iso: string): string {
  return new Date(iso).toLocaleString('en', { weekday: 'short' });
}

/** "Nora L.": the column is narrow and the avatar tells the rest. */
function shortName(name: string): string {
  const [first = '', ...rest] = name.split(' ');
  const last = rest.at(-1);
  return last === undefined ? first : `${first} ${last.charAt(0)}.`;
}
