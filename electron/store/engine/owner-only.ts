import { chmodSync } from 'node:fs';

/**
 * Takes a file from everybody but its owner, whatever the system gives to new files. SQLite makes the files beside a
 * database with the database's own permissions.
 */
export function ownerOnly(file: string): void {
  try {
    chmodSync(file, 0o600);
  } catch {
    // A disk that knows no owners or takes nothing, or a file that is gone: what comes next says it better.
  }
}
