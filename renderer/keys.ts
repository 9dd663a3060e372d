import { useEffect, useRef } from 'react';

/** What a press of keys is called: `k`, `mod+k`, `shift+x`, `g d` (one after the other), `?`, `alt+arrowleft`. */
export type Keys = string;

const SECOND_KEY_MS = 1000;

/** The name of a press, without Shift where it only makes the character: `?`, but `shift+j`. */
export function keyName(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
): Keys {
  const key = event.key === ' ' ? 'space' : event.key.toLowerCase();
  const letter = /^[a-z]$/.test(key) || key.length > 1;
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push('mod');
  if (event.altKey) parts.push('alt');
  if (event.shiftKey && letter) parts.push('shift');
  return [...parts, key].join('+');
}

/** True where a press of a letter writes it: shortcuts without Ctrl stay away. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  )
    return true;
  return target instanceof HTMLInputElement && target.type !== 'checkbox' && target.type !== 'radio';
}

/** Enter and space press the button that has the focus; open menus and popovers have all keys to themselves. */
function belongsToTarget(target: EventTarget | null, name: Keys): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('[role="menu"], [data-radix-popper-content-wrapper]') !== null) return true;
  return (name === 'enter' || name === 'space') && target.closest('button, a, summary') !== null;
}

/**
 * Shortcuts of a screen while it is shown. Open dialogs and popovers keep their keys to themselves, so nothing here
 * runs behind them.
 */
export function useShortcuts(actions: Readonly<Record<Keys, (() => void) | undefined>>): void {
  const current = useRef(actions);
  current.current = actions;
  useEffect(() => {
    let first: { key: Keys; at: number } | null = null;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) return;
      const name = keyName(event);
      if (isTyping(event.target) && !name.startsWith('mod+')) return;
      if (belongsToTarget(event.target, name)) return;
      const pair =
        first !== null && event.timeStamp - first.at < SECOND_KEY_MS ? `${first.key} ${name}` : null;
      first = { key: name, at: event.timeStamp };
      const action = (pair === null ? undefined : current.current[pair]) ?? current.current[name];
      if (action === undefined) return;
      first = null;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
