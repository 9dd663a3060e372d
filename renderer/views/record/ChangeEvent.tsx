import { ArrowRight } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AuditEntry, RecordRow } from '../../../shared/ipc.ts';
import {
  type Body,
  type CollectionName,
  entityOf,
  fieldOf,
  type Stage,
} from '../../../shared/model/index.ts';
import { Icon } from '../../components/Icon.tsx';
import { StageMark } from '../../components/Marks.tsx';
import { Tag } from '../../components/Tag.tsx';
import { isFigures, showValue } from '../../forms/show.ts';
import { navigate } from '../../state/router.ts';
import { PutBack } from './PutBack.tsx';
import { isLost, type TimelineEvent, worstState } from './timeline.ts';

/** The record that the changes are about, and the way to edit it. */
export interface EditedRecord {
  readonly row: RecordRow;
  readonly role: string;
  readonly save: (values: Body) => Promise<void>;
  /** Fields that wait in the inbox for a decision. */
  readonly open: ReadonlySet<string>;
}

interface ChangeEventProps {
  readonly event: Exclude<TimelineEvent, { kind: 'activity' }>;
  readonly me: string;
  readonly names: Readonly<Record<string, string>>;
  readonly stages: readonly Stage[];
  readonly collection: CollectionName;
  readonly record: EditedRecord;
}

/** What one person changed in one act: the sentence, then from and to. */
export function ChangeEvent({ event, me, names, stages, collection, record }: ChangeEventProps) {
  const who = event.user === me ? 'You' : event.userName || (names[event.user] ?? 'Roadbook');
  const changes = event.entries.filter((entry) => entry.field !== '');
  // A refused deletion waits in the inbox under no field, as its entry has none.
  const isOpen = event.entries.some((entry) => record.open.has(entry.field));
  const kept = changes.filter((entry) => !isLost(entry));
  const partlyLost = event.kind !== 'created' && kept.length > 0 && kept.length < changes.length;
  // Where fields of one act fared differently, those that lost say so themselves.
  const tag = stateTag({ ...event, state: partlyLost ? worstState(kept) : event.state }, isOpen);
  const [only] = changes;
  const inline = changes.length === 1 && only !== undefined && event.kind !== 'created';
  return (
    <>
      <div className="row g6 ev-line">
        <span className="tr">
          <span className="b">{who}</span> {sentence(event, collection)}
        </span>
        {!inline && tag}
      </div>
      {event.kind !== 'created' &&
        changes.map((entry) => (
          <div className="row m ev-change" key={entry.seq}>
            {!inline && <span className="q ev-field">{labelOf(collection, entry.field)}</span>}
            <FromTo
              entry={entry}
              collection={collection}
              names={names}
              stages={stages}
              lost={isLost(entry)}
            />
            {inline && tag}
            {partlyLost && isLost(entry) && stateTag(entry, false)}
            <PutBack
              {...record}
              entry={entry}
              value={showValue(fieldOf(entityOf(collection), entry.field), entry.from, {
                names: { ...names, ...entry.names },
                stages,
              })}
            />
          </div>
        ))}
    </>
  );
}

function sentence(event: ChangeEventProps['event'], collection: CollectionName): ReactNode {
  const { singular } = entityOf(collection);
  const changes = event.entries.filter((entry) => entry.field !== '');
  const fields = changes.map((entry) => entry.field);
  switch (event.kind) {
    case 'created':
      return `made this ${singular}`;
    case 'deleted':
      return `deleted this ${singular}`;
    case 'restored':
      return `brought this ${singular} back`;
    case 'conflict':
      return (
        <>
          and another changed <b>{labelOf(collection, fields[0] ?? '')}</b> without seeing each other
        </>
      );
    case 'refusal':
      return (
        <>
          asked for a change of <b>{labelOf(collection, fields[0] ?? '')}</b> that the server refused
        </>
      );
    case 'changes':
      if (changes.every(isLost)) return lostSentence(fields, collection);
      if (fields.includes('stage')) return 'moved the stage';
      if (fields.length === 1) {
        return (
          <>
            changed <b>{labelOf(collection, fields[0] ?? '')}</b>
          </>
        );
      }
      return `changed ${fields.length} fields`;
  }
}

/** An edit that came too late: it is kept here, and is not what the record says. */
function lostSentence(fields: readonly string[], collection: CollectionName): ReactNode {
  const what =
    fields.length === 1 ? <b>{labelOf(collection, fields[0] ?? '')}</b> : `${fields.length} fields`;
  return <>wanted to change {what}, but another change stands</>;
}

interface FromToProps {
  readonly entry: Pick<AuditEntry, 'field' | 'from' | 'to' | 'names'>;
  readonly collection: CollectionName;
  readonly names: Readonly<Record<string, string>>;
  readonly stages: readonly Stage[];
  /** The change did not stand: its value is struck as well. */
  readonly lost?: boolean;
}

/** From, struck, and to. */
export function FromTo({ entry, collection, names, stages, lost = false }: FromToProps) {
  const spec = fieldOf(entityOf(collection), entry.field);
  const known = { ...names, ...entry.names };
  const context = { names: known, stages };
  const from = showValue(spec, entry.from, context);
  const to = showValue(spec, entry.to, context);
  const face = isFigures(spec) ? ' n' : '';
  const stage = entry.field === 'stage' ? stages.find((candidate) => candidate.id === entry.to) : undefined;
  return (
    <>
      <span className={from === '' ? 'q' : `st q tr${face}`}>{from || 'empty'}</span>
      <Icon of={ArrowRight} size={14} tone={3} />
      {stage !== undefined && !lost ? (
        <StageMark stage={stage} stages={stages} />
      ) : (
        <span className={lost ? `st q tr${face}` : `tr ev-to${face}`}>{to || 'empty'}</span>
      )}
    </>
  );
}

function labelOf(collection: CollectionName, field: string): string {
  return fieldOf(entityOf(collection), field)?.label ?? field;
}

/**
 * What became of a change: nothing is said where it is simply in step.
 * @param isOpen a person still has to decide about it
 */
function stateTag(event: Pick<AuditEntry, 'state' | 'offline'>, isOpen: boolean): ReactNode {
  switch (event.state) {
    case 'saved':
      return (
        <Tag>
          <span className="dot un" aria-hidden="true" />
          {event.offline ? 'Made offline, saved here' : 'Saved here'}
        </Tag>
      );
    case 'conflict':
      if (!isOpen) return <Tag>Was in conflict</Tag>;
      return (
        <button type="button" className="tag-button" onClick={() => navigate({ name: 'inbox' })}>
          <Tag tone="signal">
            <span className="dia" aria-hidden="true" />
            In conflict
          </Tag>
        </button>
      );
    case 'refused':
      if (!isOpen) return <Tag>Was refused</Tag>;
      return (
        <button type="button" className="tag-button" onClick={() => navigate({ name: 'inbox' })}>
          <Tag tone="signal">
            <span className="dia" aria-hidden="true" />
            Refused
          </Tag>
        </button>
      );
    case 'quarantined':
      return <Tag>Kept for an admin</Tag>;
    case 'superseded':
      return <Tag>{event.offline ? 'Made offline, does not count' : 'Does not count'}</Tag>;
    default:
      return event.offline ? <Tag>Made offline</Tag> : null;
  }
}
