import { spawn } from 'node:child_process';

/**
 * Gives the run a screen: the one that is there, or a virtual one for as long as the run lasts.
 * Playwright calls this once before all tests and what it returns once after them.
 */
export default async function display(): Promise<() => void> {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return () => {};
  // Descriptor 3 tells which display number was free.
  const args = ['-displayfd', '3', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp'];
  const screen = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const number = await new Promise<string>((done, fail) => {
    screen.once('error', () => fail(new Error('There is no display and no Xvfb. Run: npm run setup')));
    screen.once('exit', (code) => fail(new Error(`Xvfb ended with ${code} before it had a display.`)));
    screen.stdio[3]?.once('data', (bytes: Buffer) => done(bytes.toString().trim()));
  });
  screen.removeAllListeners('exit');
  process.env.DISPLAY = `:${number}`;
  return () => screen.kill('SIGTERM');
}
