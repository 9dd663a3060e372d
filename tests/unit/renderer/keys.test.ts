// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isTyping, keyName, useShortcuts } from '../../../renderer/keys.ts';

/** Milliseconds; presses come a fifth of a second apart, however busy the machine is. */
let clock = 0;
const press = (init: KeyboardEventInit, target: EventTarget = document.body) => {
  const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init });
  clock += 200;
  Object.defineProperty(event, 'timeStamp', { value: clock });
  act(() => {
    target.dispatchEvent(event);
  });
  return event;
};
afterEach(() => {
  cleanup();
  document.body.replaceChildren();
});

describe('the name of a press', () => {
  it('says Ctrl and Command alike, and Shift only where it does not make the character', () => {
    const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
    expect(keyName({ ...plain, key: 'k', ctrlKey: true })).toBe('mod+k');
    expect(keyName({ ...plain, key: 'k', metaKey: true })).toBe('mod+k');
    expect(keyName({ ...plain, key: '?', shiftKey: true })).toBe('?');
    expect(keyName({ ...plain, key: 'J', shiftKey: true })).toBe('shift+j');
    expect(keyName({ ...plain, key: ' ' })).toBe('space');
  });
});

describe('shortcuts', () => {
  it('stay away while somebody writes, except those with Ctrl', () => {
    const letter = vi.fn();
    const search = vi.fn();
    renderHook(() => useShortcuts({ c: letter, 'mod+k': search }));
    const input = document.body.appendChild(document.createElement('input'));
    press({ key: 'c' }, input);
    press({ key: 'k', ctrlKey: true }, input);
    expect(letter).not.toHaveBeenCalled();
    expect(search).toHaveBeenCalledOnce();
    expect(isTyping(input)).toBe(true);
  });

  it('take two keys one after the other, and nothing else of them', () => {
    const go = vi.fn();
    const deals = vi.fn();
    renderHook(() => useShortcuts({ 'g d': go, d: deals }));
    press({ key: 'g' });
    press({ key: 'd' });
    expect(go).toHaveBeenCalledOnce();
    expect(deals).not.toHaveBeenCalled();
    press({ key: 'd' });
    expect(deals).toHaveBeenCalledOnce();
    press({ key: 'g' });
    clock += 1_000;
    press({ key: 'd' });
    expect([go, deals].map(({ mock }) => mock.calls.length)).toEqual([1, 2]);
  });

  it('leave Enter to the button that has the focus', () => {
    const open = vi.fn();
    renderHook(() => useShortcuts({ enter: open }));
    const button = document.body.appendChild(document.createElement('button'));
    expect(press({ key: 'Enter' }, button).defaultPrevented).toBe(false);
    press({ key: 'Enter' });
    expect(open).toHaveBeenCalledOnce();
  });

  it('do nothing behind an open dialog', () => {
    const create = vi.fn();
    renderHook(() => useShortcuts({ c: create }));
    const dialog = document.body.appendChild(document.createElement('dialog'));
    dialog.setAttribute('open', '');
    press({ key: 'c' });
    expect(create).not.toHaveBeenCalled();
  });

  it('are gone with their screen', () => {
    const create = vi.fn();
    renderHook(() => useShortcuts({ c: create })).unmount();
    press({ key: 'c' });
    expect(create).not.toHaveBeenCalled();
  });
});
