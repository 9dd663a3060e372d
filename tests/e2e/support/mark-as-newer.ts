import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import Database from 'better-sqlite3-multiple-ciphers';
import { openWithPassphrase } from '../../../electron/keys/keys.ts';

// A program of its own: the test runner's loader takes this package's type file for its code.
// Argument: the profile. Standard input: the passphrase.
const [profile = ''] = process.argv.slice(2);
const key = await openWithPassphrase(join(profile, 'keys.json'), await text(process.stdin));
const database = new Database(join(profile, 'roadbook.db'));
database.pragma("cipher = 'aegis'");
database.pragma(`key = 'raw:${Buffer.from(key).toString('hex')}'`);
database.pragma('user_version = 99');
database.pragma('wal_checkpoint(TRUNCATE)');
database.close();
