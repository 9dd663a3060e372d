import { act, cleanup, render, screen } from '@testing-library/react';
import { createElement } from 'react';
import { afterEach, beforeEach } from 'vitest';
import { App } from '../../../renderer/App.tsx';
// Loaded here already, so that no test waits for what the window loads behind its first screen.
import '../../../renderer/Workplace.tsx';
import { useApp } from '../../../renderer/state/app.ts';
import { FakeBridge } from '../../factories/fake-bridge.ts';
import './patience.ts';

/** The real window over an invented main process; `bridge` is a new one for each test. */
export function testWindow(): { bridge: () => FakeBridge; open: () => Promise<void> } {
  let bridge = new FakeBridge();
  beforeEach(() => {
    bridge = new FakeBridge();
    // A page that is loaded anew knows nothing.
    useApp.setState({ state: null, error: null });
    Object.defineProperty(window, 'roadbook', { value: bridge, configurable: true });
    layOut();
  });
  afterEach(cleanup);
  return {
    bridge: () => bridge,
    open: async () => {
      await act(async () => {
        render(createElement(App));
      });
      // The workplace is drawn once its first rows are here, however long a busy machine takes for them.
      if (bridge.app.phase === 'ready') await screen.findByRole('complementary', { name: 'Sidebar' });
    },
  };
}

/** A page without layout has no sizes; virtual lists need some. */
function layOut(): void {
  const sizes = { offsetHeight: 600, offsetWidth: 1200, clientHeight: 600, clientWidth: 1200 };
  for (const [name, value] of Object.entries(sizes)) {
    Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => value });
  }
  HTMLElement.prototype.scrollIntoView = () => undefined;
  HTMLElement.prototype.scrollTo = () => undefined;
}
