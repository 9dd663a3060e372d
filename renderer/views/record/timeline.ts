import type { AuditEntry, RecordRow } from '../../../shared/ipc.ts';

/** What a person may narrow the timeline to. */
export type TimelineFilter = 'all' | 'notes' | 'calls' | 'visits' | 'changes';

/** One thing that happened: an activity around the record, or everything one person changed in one act. */
export type TimelineEvent = {
  readonly key: string;
  /** UTC instant */
  readonly at: string;
  readonly user: string;
} & (
  | { readonly kind: 'activity'; readonly activity: RecordRow }
  | {
      readonly kind: 'changes' | 'created' | 'deleted' | 'restored' | 'conflict' | 'refusal';
      readonly entries: readonly AuditEntry[];
      readonly userName: string;
      readonly offline: boolean;
      /** As the least settled of its entries: saved here, in conflict, refused, or sent. */
      readonly state: string;
    }
);

/** Newest first. @param history of the record, @param activities that regard it */
export function timeline(history: readonly AuditEntry[], activities: readonly RecordRow[]): TimelineEvent[] {
  const events: TimelineEvent[] = [
    ...activities.map(
      (activity): TimelineEvent => ({
        key: activity.id,
        at: happenedAt(activity),
        user: activity.createdBy || activity.owner,
        kind: 'activity',
        activity,
      }),
    ),
    ...acts(history).map(asEvent),
  ];
  return events.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}

export function filterTimeline(events: readonly TimelineEvent[], filter: TimelineFilter): TimelineEvent[] {
  switch (filter) {
    case 'all':
      return [...events];
    case 'notes':
      return events.filter((event) => activityType(event) === 'note');
    case 'calls':
      return events.filter((event) => activityType(event) === 'call');
    case 'visits':
      return events.filter((event) => ['visit', 'meeting'].includes(activityType(event) ?? ''));
    case 'changes':
      return events.filter((event) => event.kind !== 'activity');
  }
}

export function activityType(event: TimelineEvent): string | null {
  return event.kind === 'activity' ? String(event.activity.body.type ?? '') : null;
}

/** A visit counts when it took place; a note when it was written. */
export function happenedAt(activity: RecordRow): string {
  const start = activity.body.startAt;
  return typeof start === 'string' && start !== '' ? start : activity.createdAt;
}

/** Entries that one person made in one act: same user, same instant. Newest first, as they came. */
export function acts(history: readonly AuditEntry[]): AuditEntry[][] {
  const groups: AuditEntry[][] = [];
  for (const entry of history) {
    const open = groups.at(-1);
    const first = open?.[0];
    const same =
      first !== undefined &&
      first.user === entry.user &&
      first.at === entry.at &&
      isEventOfItsOwn(first) === isEventOfItsOwn(entry);
    if (same && open !== undefined) open.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

function isEventOfItsOwn(entry: AuditEntry): boolean {
  return entry.kind === 'conflict' || entry.kind === 'refusal';
}

/** Worse news first: what a person should see of an act whose fields fared differently. */
const STATES = ['refused', 'quarantined', 'conflict', 'superseded', 'saved', 'sent', ''];

/** @param entries of one act, at least one */
export function worstState(entries: readonly AuditEntry[]): string {
  const worst = STATES.find((candidate) => entries.some((entry) => entry.state === candidate));
  return worst ?? entries[0]?.state ?? '';
}

/** It came too late: another change stands. */
export function isLost(entry: AuditEntry): boolean {
  return entry.state === 'superseded';
}

function asEvent(entries: AuditEntry[]): TimelineEvent {
  const first = entries[0] as AuditEntry; // `acts` makes no empty groups
  const kinds = new Set(entries.map((entry) => entry.kind));
  return {
    key: `log-${first.seq}`,
    at: first.at,
    user: first.user,
    userName: first.userName,
    offline: entries.some((entry) => entry.offline),
    state: worstState(entries),
    // The field the person meant comes first; a probability that follows its stage comes after it.
    entries: [...entries].sort((a, b) => weight(a) - weight(b) || a.seq - b.seq),
    kind: kindOf(kinds),
  };
}

function kindOf(kinds: ReadonlySet<string>): Exclude<TimelineEvent['kind'], 'activity'> {
  if (kinds.has('create')) return 'created';
  if (kinds.has('delete')) return 'deleted';
  if (kinds.has('restore')) return 'restored';
  if (kinds.has('conflict')) return 'conflict';
  if (kinds.has('refusal')) return 'refusal';
  return 'changes';
}

function weight(entry: AuditEntry): number {
  return entry.field === 'stage' ? 0 : entry.field === 'probability' ? 2 : 1;
}
