import { Clock, UsersRound } from 'lucide-react';
import type { RecordRow } from '../../../shared/ipc.ts';
import { Icon } from '../../components/Icon.tsx';
import { Tag } from '../../components/Tag.tsx';
import { date } from '../../format.ts';
import { navigate } from '../../state/router.ts';

interface ActivityEventProps {
  readonly activity: RecordRow;
  readonly me: string;
  readonly names: Readonly<Record<string, string>>;
}

/** A note, call, visit, meeting, mail or task, told as what somebody did. */
export function ActivityEvent({ activity, me, names }: ActivityEventProps) {
  const { body } = activity;
  const who = activity.createdBy || activity.owner;
  const subject = text(body.subject);
  const said = text(body.text);
  const attendees = Array.isArray(body.attendees) ? body.attendees.map(String).join(', ') : '';
  const minutes = minutesBetween(body.startAt, body.endAt);
  const card = body.type === 'visit' || body.type === 'meeting';
  return (
    <>
      <div className="row g6 ev-line">
        <span className="tr">
          <button
            type="button"
            className="ev-open"
            onClick={() => navigate({ name: 'record', collection: 'activities', id: activity.id })}
          >
            <span className="b">{who === me ? 'You' : (names[who] ?? 'Somebody')}</span> {sentence(activity)}
          </button>
          {attendees !== '' &&
            !card &&
            (subject === '' && body.type === 'call' ? ` ${attendees}` : ` with ${attendees}`)}
        </span>
        {minutes !== null && !card && <span className="q n f11">{minutes} min</span>}
        {body.type === 'task' && typeof body.dueOn === 'string' && <Tag>due {date(body.dueOn)}</Tag>}
        {activity.mark === 'waiting' && (
          <Tag>
            <span className="dot un" aria-hidden="true" />
            Saved here
          </Tag>
        )}
      </div>
      {card && (said !== '' || attendees !== '' || minutes !== null) ? (
        <div className="ev-card">
          {(minutes !== null || attendees !== '') && (
            <div className="row g16 m">
              {minutes !== null && (
                <span className="row g6">
                  <Icon of={Clock} size={14} />
                  <span className="n">{minutes} min</span>
                </span>
              )}
              {attendees !== '' && (
                <span className="row g6 tr">
                  <Icon of={UsersRound} size={14} />
                  <span className="tr">{attendees}</span>
                </span>
              )}
            </div>
          )}
          {said !== '' && <p className="ev-text">{said}</p>}
        </div>
      ) : (
        said !== '' && <p className="ev-text m">{said}</p>
      )}
      {subject !== '' && said === '' && body.type === 'note' && <p className="ev-text m">{subject}</p>}
      {text(body.outcome) !== '' && <p className="m">{text(body.outcome)}</p>}
    </>
  );
}

function sentence({ body }: RecordRow): string {
  const subject = text(body.subject);
  const about = subject === '' ? '' : `: ${subject}`;
  switch (body.type) {
    case 'note':
      return 'left a note';
    case 'call':
      return `${body.direction === 'in' ? 'took a call' : 'called'}${about}`;
    case 'visit':
      return `visited${about}`;
    case 'meeting':
      return `met${about}`;
    case 'email':
      return `wrote a mail${about}`;
    case 'task':
      return `${body.status === 'done' ? 'finished a task' : 'planned a task'}${about}`;
    default:
      return `logged something${about}`;
  }
}

function minutesBetween(from: unknown, to: unknown): number | null {
  if (typeof from !== 'string' || typeof to !== 'string') return null;
  const minutes = Math.round((Date.parse(to) - Date.parse(from)) / 60_000);
  return Number.isFinite(minutes) && minutes > 0 ? minutes : null;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
