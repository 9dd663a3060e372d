import type { ErrorCode } from '../../../shared/errors.ts';
import { backupMayReplace, mayOpenOlder } from '../../../shared/rules/recovery.ts';

export interface BlockedScreen {
  readonly title: string;
  /** What has happened, in plain words. */
  readonly what: string;
  readonly todo: string;
  /** What Roadbook has not done, because that is what people fear. */
  readonly kept: string;
  readonly retry: string;
}

const UNTOUCHED = 'Nothing was deleted, nothing was overwritten, and no new key was made.';
const ASK = 'If you are not sure, copy the diagnostics and ask your admin. They hold no records.';

/** One screen for each way in which the store cannot be opened. What is not listed here gets `FALLBACK`. */
const SCREENS: Partial<Record<ErrorCode, BlockedScreen>> = {
  'store.key_missing': {
    title: 'The key is missing',
    what: 'Your records are on this disk, but the file with their key is gone. Without it nobody can read them.',
    todo: 'Put the key file back from a backup of this device, then look again. Do not set up Roadbook anew over it.',
    kept: UNTOUCHED,
    retry: 'Look again',
  },
  'store.key_damaged': {
    title: 'The key cannot be read',
    what: 'The file with the key to your records is there, but a part of it is damaged.',
    todo: 'Put the key file back from a backup of this device, then look again.',
    kept: UNTOUCHED,
    retry: 'Look again',
  },
  'store.key_mismatch': {
    title: 'This key belongs to other records',
    what: 'The key file on this device fits another store than the one that lies beside it.',
    todo: 'Put back the two files that belong together, from the same backup, then look again.',
    kept: UNTOUCHED,
    retry: 'Look again',
  },
  'store.newer_version': {
    title: 'These records need a newer Roadbook',
    what: 'They were last opened by a newer version than the one that runs here.',
    todo: 'Update Roadbook on this device. Everything that waits to be sent is still here.',
    kept: 'The records were not changed, converted, or deleted.',
    retry: 'Look again',
  },
  'store.not_a_database': {
    title: 'This file is not a Roadbook store',
    what: 'Something else lies where your records should be, or the file was damaged from its first byte.',
    todo: 'Restore a backup of this device, or put the file back, then look again.',
    kept: UNTOUCHED,
    retry: 'Look again',
  },
  'store.went_back': {
    title: 'These records are older than they should be',
    what: 'The last time Roadbook ran, this store held more. Someone may have put back an old copy, or the disk lost writes.',
    todo: 'Restore the newest copy you have, then look again. Where there is none, they can be opened as they are.',
    kept: 'Nothing was deleted, and nothing from this copy was sent to the server.',
    retry: 'Look again',
  },
  'store.missing': {
    title: 'The records are gone',
    what: 'The key is here, but the file that held your records is not.',
    todo: 'Put the file back or restore a backup. What was sent is safe on the server.',
    kept: 'The key was kept, and no empty store was made in its place.',
    retry: 'Look again',
  },
  'store.exists': {
    title: 'There are records here already',
    what: 'A new store was asked for where records already lie. They may be somebody’s only copy.',
    todo: 'Look again: Roadbook then opens the records that are here.',
    kept: 'The records that are here were not touched.',
    retry: 'Look again',
  },
  'store.damaged': {
    title: 'A part of the records is damaged',
    what: 'The disk gave back other bytes than Roadbook had written. It will not show damaged records as if they were whole.',
    todo: 'Restore a backup of this device, then look again. Check the disk before you rely on it.',
    kept: UNTOUCHED,
    retry: 'Look again',
  },
  'store.in_use': {
    title: 'Roadbook is already open',
    what: 'Another Roadbook works with these records. Two at once could spoil them.',
    todo: 'Go on in the window that is open, or close it and try again here.',
    kept: 'Nothing was opened or changed.',
    retry: 'Try again',
  },
  'store.locked': {
    title: 'Another program holds the records',
    what: 'A backup, a virus scanner or another Roadbook has the file open and does not let go.',
    todo: 'Close the other program or wait a moment, then try again.',
    kept: 'Nothing was changed.',
    retry: 'Try again',
  },
  'store.read_only': {
    title: 'Roadbook may not write here',
    what: 'The folder with your records can be read, but not written to.',
    todo: 'Give your account the right to write to it, then try again.',
    kept: 'Nothing was changed, and nothing was moved to another folder.',
    retry: 'Try again',
  },
  'store.disk_full': {
    title: 'This disk is full',
    what: 'There is no room left to work with your records safely.',
    todo: 'Free some space, then try again. A few hundred megabytes are enough.',
    kept: 'Everything that was saved is still here. Nothing was thrown away to make room.',
    retry: 'Try again',
  },
};

/** The count beside the records is gone or cannot be read: they may be the newest, or an old copy. */
const COUNT_GONE: BlockedScreen = {
  title: 'Roadbook cannot tell how old these records are',
  what: 'The small file beside them that keeps count is gone or damaged. They may be whole, or an old copy.',
  todo: 'Put roadbook.db.head back from where the records came, then look again. Where that cannot be done, they can be opened as they are.',
  kept: 'Nothing was deleted, and nothing from these records was sent to the server.',
  retry: 'Look again',
};

const FALLBACK: Omit<BlockedScreen, 'what' | 'todo'> = {
  title: 'The records cannot be opened',
  kept: 'Nothing was deleted and nothing was overwritten.',
  retry: 'Try again',
};

/** @param error as the main process gave it: its own words stand where there is no screen for its code */
export function blockedScreen(error: {
  code: string;
  message: string;
  hint: string;
  details: Readonly<Record<string, unknown>>;
}): BlockedScreen & {
  ask: string;
  /** The records can be opened although something is wrong, once a person has decided so. */
  mayOpen: boolean;
  /** A backup may take the place of these records. */
  mayRestore: boolean;
} {
  return {
    ...screenOf(error),
    ask: ASK,
    mayOpen: mayOpenOlder(error.code),
    mayRestore: backupMayReplace(error.code),
  };
}

function screenOf({ code, message, hint, details }: Parameters<typeof blockedScreen>[0]): BlockedScreen {
  if (code === 'store.went_back' && details.reason === 'head') return COUNT_GONE;
  const known = Object.hasOwn(SCREENS, code) ? SCREENS[code as ErrorCode] : undefined;
  return known ?? { ...FALLBACK, what: message, todo: hint };
}
