/** Longest time between the two halves of a double click, in milliseconds, that people need. */
const DOUBLE_CLICK_MS = 500;
const PRESSES = ['mousedown', 'mouseup', 'click', 'dblclick'] as const;

/**
 * One click opens, and many people double-click: the second half must not press, edit or select whatever lies there
 * on the page that has opened meanwhile.
 */
export function swallowSecondClick(): void {
  const swallow = (event: MouseEvent) => {
    if (event.detail < 2) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  for (const press of PRESSES) window.addEventListener(press, swallow, { capture: true });
  setTimeout(() => {
    for (const press of PRESSES) window.removeEventListener(press, swallow, { capture: true });
  }, DOUBLE_CLICK_MS);
}
