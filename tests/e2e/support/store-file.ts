import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { node24 } from './runtime.ts';

/** Marks a store as one that a later version has written, as that version would: inside the encrypted file. */
export function fromTheFuture(profile: string, passphrase: string): void {
  const program = fileURLToPath(new URL('./mark-as-newer.ts', import.meta.url));
  execFileSync(node24, [program, profile], { input: passphrase, stdio: ['pipe', 'ignore', 'inherit'] });
}
