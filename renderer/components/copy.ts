/**
 * Puts text on the clipboard. The asynchronous clipboard asks for a permission, and the window is given none; the
 * editing command needs only the press of a button.
 * @returns false when the platform refused
 */
export function copyText(text: string): boolean {
  const holder = document.createElement('textarea');
  holder.value = text;
  holder.className = 'aloud';
  const before = document.activeElement;
  // Inside an open dialog everything else is inert and cannot be selected.
  (before?.closest('dialog') ?? document.body).append(holder);
  holder.select();
  const done = document.execCommand('copy');
  holder.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return done;
}
