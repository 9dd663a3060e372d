const PRESSES = ['mousedown', 'mouseup', 'click', 'dblclick'] as const;

/**
 * One click opens, and many people double-click: the second half must not press, edit or select whatever lies there
 * on the page that has opened meanwhile. Which press is a second half is the system's to say: it knows how fast this
 * person double-clicks, and a busy window hears of both halves late.
 *
 * May be called at any point of the first press: a card opens when the pointer is let go, before the same press is
 * told as a mouseup and a click; a row opens at the click.
 */
export function swallowSecondClick(): void {
  const stop = () => {
    for (const press of PRESSES) window.removeEventListener(press, swallow, { capture: true });
  };
  const swallow = (event: MouseEvent) => {
    if (event.detail < 2) {
      // Only where the next press begins is the first one over; keys press with no count.
      if (event.type === 'mousedown' && event.detail === 1) stop();
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  for (const press of PRESSES) window.addEventListener(press, swallow, { capture: true });
}
