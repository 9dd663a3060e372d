import type { ErrorEntry } from './entry.ts';

/** Keys and store: each of these has its own screen on the device. */
export const storeErrors = {
  'store.wrong_passphrase': {
    status: 401,
    message: 'That passphrase does not open this device.',
    hint: 'Check capital letters and the keyboard layout, or use your recovery code.',
  },
  'store.wrong_recovery_code': {
    status: 401,
    message: 'That recovery code does not open this device.',
    hint: 'Type the code exactly as printed; it has eight groups of four characters.',
  },
  'store.key_missing': {
    status: 500,
    message: 'The key to your records is missing on this device.',
    hint: 'Put the key file back from a backup of this device. Nothing was deleted; do not set up again over it.',
  },
  'store.key_damaged': {
    status: 500,
    message: 'The key file on this device cannot be read.',
    hint: 'Put the key file back from a backup of this device. Nothing was deleted.',
  },
  'store.key_mismatch': {
    status: 500,
    message: 'The key on this device belongs to other records.',
    hint: 'Put back the key file that was beside these records. Nothing was deleted.',
  },
  'store.newer_version': {
    status: 500,
    message: 'These records were last opened by a newer Roadbook.',
    hint: 'Update Roadbook on this device. Nothing was changed.',
  },
  'store.not_a_database': {
    status: 500,
    message: 'The file that should hold your records is not a Roadbook store.',
    hint: 'Put the file back from a backup, or ask your admin. Nothing was changed.',
  },
  'store.went_back': {
    status: 500,
    message: 'The records on this disk are older than the last time Roadbook ran.',
    hint: 'Someone may have put back an old copy. Restore the newest copy, or ask your admin before you go on.',
  },
  'store.missing': {
    status: 500,
    message: 'The file that held your records is gone.',
    hint: 'Put the file back from a backup of this device. The key was kept.',
  },
  'backup.missing': {
    status: 404,
    message: 'This backup is not there any more.',
    hint: 'Choose another one from the list.',
  },
  'store.exists': {
    status: 409,
    message: 'There are already records on this device.',
    hint: 'Open them with your passphrase or recovery code. Nothing was changed.',
  },
  'store.damaged': {
    status: 500,
    message: 'A part of the stored records is damaged.',
    hint: 'Restore a backup. Roadbook will not show damaged records as if they were whole.',
  },
  'store.disk_full': {
    status: 507,
    message: 'There is no room left on this disk, so the change was not saved.',
    hint: 'Free some space and save again; what you typed is still in the form.',
  },
  'store.read_only': {
    status: 500,
    message: 'Roadbook may not write to its folder.',
    hint: 'Give your account the right to write there, then start again.',
  },
  'store.locked': {
    status: 409,
    message: 'Another program holds the records open.',
    hint: 'Close the other Roadbook window or wait a moment.',
  },
  'store.in_use': {
    status: 409,
    message: 'Roadbook is already running on this profile.',
    hint: 'Switch to the window that is open.',
  },
  'store.closed': { status: 409, message: 'The records are locked.', hint: 'Unlock Roadbook first.' },
  'store.failed': {
    status: 500,
    message: 'The records could not be read or written.',
    hint: 'Try again; if it stays, copy the diagnostics from Help and ask your admin.',
  },
  'key.passphrase_short': {
    status: 422,
    message: 'A passphrase needs at least {min} characters.',
    hint: 'A short sentence is easy to remember and hard to guess.',
  },
  'key.too_many_tries': {
    status: 429,
    message: 'Too many wrong tries. Wait {seconds} seconds.',
    hint: 'Use your recovery code if you have forgotten the passphrase.',
  },
  'key.keychain_changed': {
    status: 409,
    message: 'The keychain of this computer does not open your records any more.',
    hint: 'Type your passphrase. Nothing is lost; the keychain can be given the key anew.',
  },
  'key.keychain_missing': {
    status: 409,
    message: 'This computer has no keychain that protects a key.',
    hint: 'Open Roadbook with your passphrase, or set up a keychain in the system and start Roadbook again.',
  },
  'key.code_not_asked': {
    status: 409,
    message: 'There is no new recovery code to confirm.',
    hint: 'Ask for a new one in the settings. The code that you have still opens this device.',
  },
} as const satisfies Record<string, ErrorEntry>;
