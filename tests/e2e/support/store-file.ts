import { join } from 'node:path';
import Database from 'better-sqlite3-multiple-ciphers';
import { openWithPassphrase } from '../../../electron/keys/keys.ts';

/** Marks a store as one that a later version has written, as that version would: inside the encrypted file. */
export async function fromTheFuture(profile: string, passphrase: string): Promise<void> {
  const key = await openWithPassphrase(join(profile, 'keys.json'), passphrase);
  const database = new Database(join(profile, 'roadbook.db'));
  try {
    database.pragma("cipher = 'aegis'");
    database.pragma(`key = 'raw:${Buffer.from(key).toString('hex')}'`);
    database.pragma('user_version = 99');
    database.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
    key.fill(0);
  }
}
