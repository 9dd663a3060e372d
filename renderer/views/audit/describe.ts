import {
  ArchiveRestore,
  ArrowRightLeft,
  CalendarDays,
  CircleDollarSign,
  FilePlus2,
  GitMerge,
  History,
  KeyRound,
  Lock,
  LockOpen,
  LogIn,
  type LucideIcon,
  Pencil,
  Percent,
  RefreshCw,
  ShieldAlert,
  Signpost,
  Tag,
  Trash2,
  Undo2,
  User,
} from 'lucide-react';
import type { AuditEntry } from '../../../shared/ipc.ts';
import { entityOf, type FieldSpec, fieldOf, isCollection, type Stage } from '../../../shared/model/index.ts';
import { isFigures, showValue } from '../../forms/show.ts';

/** Kinds of entries that are not the change of one field, as people call them. */
export const KINDS: Readonly<Record<string, string>> = {
  erased: 'Values erased',
  create: 'Created',
  delete: 'Deleted',
  restore: 'Restored',
  conflict: 'Conflict',
  refusal: 'Refused',
  resolve: 'Settled',
  sync: 'Sync',
  unlock: 'Unlocked',
  'open-older': 'Opened although older',
  'restore-backup': 'Backup restored',
  'restore-incomplete': 'Backup restored, a part of what waited could not be read',
  lock: 'Locked',
  'sign-in': 'Signed in',
  'sign-out': 'Signed out',
  recovery: 'Recovery code used',
  'new-passphrase': 'Passphrase changed',
  'new-recovery-code': 'New recovery code',
  'keychain-on': 'Keychain given the key',
  'keychain-off': 'Keychain gave back the key',
};

/** What a person may narrow the log to. */
export const KIND_FILTERS: readonly {
  readonly value: string;
  readonly label: string;
  readonly kinds: readonly string[];
}[] = [
  { value: 'changes', label: 'Changes of fields', kinds: ['change'] },
  { value: 'made', label: 'Records made', kinds: ['create'] },
  { value: 'removed', label: 'Records deleted or restored', kinds: ['delete', 'restore'] },
  { value: 'problems', label: 'Conflicts and refusals', kinds: ['conflict', 'refusal'] },
  {
    value: 'events',
    label: 'Sync, locking and sign-in',
    kinds: [
      'sync',
      'unlock',
      'open-older',
      'restore-backup',
      'restore-incomplete',
      'lock',
      'sign-in',
      'sign-out',
    ],
  },
  {
    value: 'keys',
    label: 'What opens this device',
    kinds: ['new-passphrase', 'new-recovery-code', 'keychain-on', 'keychain-off'],
  },
];

export function specOf(entry: Pick<AuditEntry, 'collection' | 'field'>): FieldSpec | undefined {
  return isCollection(entry.collection) ? fieldOf(entityOf(entry.collection), entry.field) : undefined;
}

/** "Amount", "Created", "Sync". */
export function whatOf(entry: AuditEntry): string {
  if (entry.kind === 'change') return specOf(entry)?.label ?? entry.field;
  return KINDS[entry.kind] ?? entry.kind;
}

/** "Amount changed", "Deal created": the head of an entry. */
export function titleOf(entry: AuditEntry): string {
  const object = isCollection(entry.collection) ? entityOf(entry.collection).label : '';
  switch (entry.kind) {
    case 'change':
      return `${whatOf(entry)} changed`;
    case 'create':
      return `${object} created`;
    case 'delete':
      return `${object} deleted`;
    case 'restore':
      return `${object} restored`;
    case 'conflict':
      return `${specOf(entry)?.label ?? 'Change'} in conflict`;
    case 'refusal':
      return `${specOf(entry)?.label ?? 'Change'} refused`;
    default:
      return whatOf(entry);
  }
}

const KIND_ICONS: Readonly<Record<string, LucideIcon>> = {
  create: FilePlus2,
  delete: Trash2,
  restore: Undo2,
  conflict: GitMerge,
  refusal: ShieldAlert,
  sync: RefreshCw,
  unlock: LockOpen,
  'open-older': History,
  'restore-backup': ArchiveRestore,
  'restore-incomplete': ArchiveRestore,
  lock: Lock,
  'sign-in': LogIn,
  'new-passphrase': KeyRound,
  'new-recovery-code': KeyRound,
  'keychain-on': KeyRound,
  'keychain-off': KeyRound,
};

export function iconOf(entry: AuditEntry): LucideIcon {
  const icon = KIND_ICONS[entry.kind];
  if (icon !== undefined) return icon;
  if (entry.field === 'stage') return Signpost;
  if (entry.field === 'owner') return User;
  switch (specOf(entry)?.kind) {
    case 'money':
      return CircleDollarSign;
    case 'percent':
      return Percent;
    case 'date':
    case 'instant':
      return CalendarDays;
    case 'tags':
      return Tag;
    case 'reference':
      return ArrowRightLeft;
    default:
      return Pencil;
  }
}

export interface FromTo {
  readonly from: string;
  readonly to: string;
  readonly figures: boolean;
}

/** Both values in the words of their field; null where the entry is no change of one. */
export function fromTo(
  entry: AuditEntry,
  stages: readonly Stage[],
  names: Readonly<Record<string, string>>,
): FromTo | null {
  if (entry.field === '') return null;
  const spec = specOf(entry);
  const context = { names: { ...names, ...entry.names }, stages };
  return {
    from: showValue(spec, entry.from, context),
    to: showValue(spec, entry.to, context),
    figures: isFigures(spec),
  };
}

/** What the entry is about; events are about the device. */
export function recordOf(entry: AuditEntry): string {
  if (entry.name !== '') return entry.name;
  if (entry.kind === 'sync') return eventWords(entry) || 'This device';
  return 'This device';
}

/** Numbers that an event carries: "214 rows in, 3 out". */
export function eventWords(entry: Pick<AuditEntry, 'to'>): string {
  const { to } = entry;
  if (typeof to === 'string') return to;
  if (typeof to !== 'object' || to === null) return '';
  const parts = to as Record<string, unknown>;
  const words = [
    typeof parts.rowsIn === 'number' ? `${parts.rowsIn} rows in` : '',
    typeof parts.rowsOut === 'number' ? `${parts.rowsOut} out` : '',
  ];
  return words.filter(Boolean).join(', ');
}

/** What became of a change, in words; '' for events. */
export function stateWords(state: string): string {
  switch (state) {
    case 'saved':
      return 'Saved here, not sent yet';
    case 'sent':
      return 'Sent and accepted';
    case 'conflict':
      return 'In conflict';
    case 'superseded':
      return 'Another change stands';
    case 'refused':
      return 'Refused by the server';
    case 'quarantined':
      return 'Kept on the server for an admin';
    default:
      return state;
  }
}

/** `5d6f20b8…91c4` */
export function shortHash(hash: string, head = 8): string {
  return hash.length <= head + 4 ? hash : `${hash.slice(0, head)}…${hash.slice(-4)}`;
}
