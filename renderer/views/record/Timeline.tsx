import {
  CalendarDays,
  CheckSquare,
  GitMerge,
  type LucideIcon,
  Mail,
  MapPinCheckInside,
  Pencil,
  Phone,
  Plus,
  ShieldAlert,
  Signpost,
  StickyNote,
  Trash2,
  Undo2,
  UsersRound,
} from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { CollectionName, Stage } from '../../../shared/model/index.ts';
import { Segments } from '../../components/Button.tsx';
import { Icon } from '../../components/Icon.tsx';
import { dayMonth, time, today } from '../../format.ts';
import { ActivityEvent } from './ActivityEvent.tsx';
import { ChangeEvent, type EditedRecord } from './ChangeEvent.tsx';
import { activityType, filterTimeline, type TimelineEvent, type TimelineFilter } from './timeline.ts';

interface TimelineProps {
  readonly events: readonly TimelineEvent[];
  readonly loading: boolean;
  readonly me: string;
  readonly names: Readonly<Record<string, string>>;
  readonly stages: readonly Stage[];
  readonly collection: CollectionName;
  readonly record: EditedRecord;
  /** Stands between the filters and the events: where something new is written. */
  readonly children?: ReactNode;
}

const FILTERS = [
  { value: 'all', label: 'All' },
  { value: 'notes', label: 'Notes' },
  { value: 'calls', label: 'Calls' },
  { value: 'visits', label: 'Visits' },
  { value: 'changes', label: 'Changes' },
] as const;

/** One line for everything that happened to a record, newest first. */
export function Timeline({
  events,
  loading,
  me,
  names,
  stages,
  collection,
  record,
  children,
}: TimelineProps) {
  const [filter, setFilter] = useState<TimelineFilter>('all');
  const shown = filterTimeline(events, filter);
  return (
    <>
      <div className="row tl-head">
        <Segments label="Show" value={filter} options={FILTERS} onChange={setFilter} />
      </div>
      {children}
      {!loading && shown.length === 0 && <p className="m tl-empty">{EMPTY[filter]}</p>}
      <ol className="tl" aria-label="Timeline">
        {shown.map((event, index) => (
          <li className="ev" key={event.key} tabIndex={-1}>
            <When at={event.at} before={shown[index - 1]?.at} />
            <span className="nd" aria-hidden="true">
              <Icon of={iconOf(event)} size={14} />
            </span>
            <div className="bd">
              {event.kind === 'activity' ? (
                <ActivityEvent activity={event.activity} me={me} names={names} />
              ) : (
                <ChangeEvent
                  event={event}
                  me={me}
                  names={names}
                  stages={stages}
                  collection={collection}
                  record={record}
                />
              )}
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}

const EMPTY: Readonly<Record<TimelineFilter, string>> = {
  all: 'Nothing has happened here yet.',
  notes: 'No notes yet. Write one above.',
  calls: 'No calls logged yet.',
  visits: 'No visits or meetings logged yet.',
  changes: 'No changes are known on this device.',
};

/** The day stands at its first event only. */
function When({ at, before }: { readonly at: string; readonly before: string | undefined }) {
  const day = today(new Date(at));
  const first = before === undefined || today(new Date(before)) !== day;
  return (
    <time className="when" dateTime={at}>
      {first && <span className="n">{day === today() ? 'Today' : dayMonth(day)}</span>}
      <span className="n q f11">{time(at)}</span>
    </time>
  );
}

const ACTIVITY_ICONS: Readonly<Record<string, LucideIcon>> = {
  note: StickyNote,
  call: Phone,
  visit: MapPinCheckInside,
  meeting: UsersRound,
  email: Mail,
  task: CheckSquare,
};

function iconOf(event: TimelineEvent): LucideIcon {
  switch (event.kind) {
    case 'activity':
      return ACTIVITY_ICONS[activityType(event) ?? ''] ?? CalendarDays;
    case 'created':
      return Plus;
    case 'deleted':
      return Trash2;
    case 'restored':
      return Undo2;
    case 'conflict':
      return GitMerge;
    case 'refusal':
      return ShieldAlert;
    case 'changes':
      return event.entries.some((entry) => entry.field === 'stage') ? Signpost : Pencil;
  }
}
