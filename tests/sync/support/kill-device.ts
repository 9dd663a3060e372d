import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { TestDevice } from './device.ts';

const script = fileURLToPath(new URL('./device-process.ts', import.meta.url));

/**
 * Runs a closed device in a process of its own and kills that in its `commits`-th commit of a page: so many
 * milliseconds after it has begun, when it may be done, but before the next one.
 */
export async function killInCommit(
  device: TestDevice,
  { commits, millis, pageRows }: { commits: number; millis: number; pageRows: number },
): Promise<void> {
  const args = [script, device.folder, Buffer.from(device.key).toString('hex'), String(pageRows)];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = once(child, 'close');
  // A line that is still on its way to a child that was killed gets lost.
  child.stdin.on('error', () => undefined);
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line !== 'page') continue;
    seen += 1;
    if (seen <= commits) child.stdin.write('go\n');
    if (seen === commits) setTimeout(() => child.kill('SIGKILL'), millis);
  }
  await gone;
  expect(child.signalCode).toBe('SIGKILL');
}
