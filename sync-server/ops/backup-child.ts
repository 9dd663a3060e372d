import { toPlainError } from '../../shared/errors.ts';
import { Store } from '../store/store.ts';
import { makeBackup } from './backup.ts';

/** What the parent is told: the backup, or why there is none. */
export type Answer =
  | { readonly file: string; readonly through: Readonly<Record<string, number>> }
  | { readonly code: string; readonly reason: string };

// A process of its own: copying and reading back a large database takes its time, and the server goes on serving.
const [data = '', folder = '', name = ''] = process.argv.slice(2);

async function run(): Promise<Answer> {
  try {
    const store = await Store.open({ data });
    try {
      return await makeBackup(store, folder, name);
    } finally {
      await store.close();
    }
  } catch (error) {
    const plain = toPlainError(error);
    const reason = plain.code === 'internal' && error instanceof Error ? error.message : plain.message;
    return { code: plain.code, reason };
  }
}

const answer = await run();
process.send?.(answer, () => process.disconnect());
