import { useEffect, useMemo, useState } from 'react';

/** How long a note that needs nobody stays, milliseconds. */
const STAYS_MS = 10_000;

/**
 * A note that leaves by itself. It stays while the pointer or the focus is on it, and is read again from the start when
 * it says something else.
 * @param what it says; null while there is nothing that may leave
 * @returns what the element needs that shows it
 */
export function useLeaves(what: string | null, leave: () => void) {
  const [held, setHeld] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the way out may be another function at each drawing
  useEffect(() => {
    if (what === null || held) return;
    const timer = setTimeout(leave, STAYS_MS);
    return () => clearTimeout(timer);
  }, [what, held]);
  return useMemo(
    () => ({
      onMouseEnter: () => setHeld(true),
      onMouseLeave: () => setHeld(false),
      onFocus: () => setHeld(true),
      onBlur: () => setHeld(false),
    }),
    [],
  );
}
