/** Whether a window would be seen by anybody. */
export function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/**
 * Starts a display without a screen as a member of the family.
 * @returns {Promise<string>} its name, for DISPLAY
 */
export function startDisplay(family) {
  return new Promise((done, fail) => {
    // X itself looks for a free number and tells it, so that two starts at once cannot take the same one.
    const args = ['-displayfd', '1', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'];
    const onLine = (line) => done(`:${line.trim()}`);
    const screen = family.start('Xvfb', 'Xvfb', args, { silent: true, base: true, onLine });
    screen.once('error', () => fail(new Error('There is no display and no Xvfb. Install the package xvfb.')));
    screen.once('exit', () => fail(new Error('The virtual display (Xvfb) ended before it was ready.')));
  });
}
