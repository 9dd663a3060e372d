import { makeBackup } from '../ops/backup.ts';
import { backupHolds, takeMark, wasRestored } from '../ops/backups-elsewhere.ts';
import { type Call, textOf, UsageError } from './call.ts';

export async function backUp({ store, terminal, options }: Call): Promise<number> {
  const { file } = await makeBackup(store, textOf(options.to));
  terminal.say(`Copied and read back: ${file}`);
  return 0;
}

/** One line of JSON, for the script that makes the backups of a PostgreSQL. */
export async function markBackup({ store, terminal }: Call): Promise<number> {
  terminal.say(JSON.stringify(await takeMark(store)));
  return 0;
}

export async function noteBackup({ store, terminal }: Call): Promise<number> {
  const moved = await backupHolds(store, parse(await terminal.readInput()));
  terminal.say(`Noted. Devices of ${moved} ${moved === 1 ? 'company' : 'companies'} may forget more.`);
  return 0;
}

export async function noteRestore({ store, terminal }: Call): Promise<number> {
  await wasRestored(store);
  terminal.say('Noted. Start the servers again: devices send what this database may lack and fetch it anew.');
  return 0;
}

/** npm writes lines of its own above the one that is wanted. */
function parse(text: string): unknown {
  const line = text.split(/\r?\n/).findLast((one) => one.startsWith('{')) ?? '';
  try {
    return JSON.parse(line);
  } catch {
    throw new UsageError('Give the line of “backup mark” on standard input.');
  }
}
