import './kbd.css';

/** A key, or keys pressed together: "Ctrl K". */
export function Kbd({ children }: { readonly children: string }) {
  return (
    <span className="kbd" aria-hidden="true">
      {children}
    </span>
  );
}

/** Keys and what they do, for the foot of a view. */
export function KeyHint({ keys, children }: { readonly keys: readonly string[]; readonly children: string }) {
  return (
    <span className="row g6 q keyhint">
      {keys.map((key) => (
        <Kbd key={key}>{key}</Kbd>
      ))}
      {children}
    </span>
  );
}

/** "Ctrl" as it is written on the keys of this machine. */
export const modifier = /mac/i.test(globalThis.navigator?.platform ?? '') ? '⌘' : 'Ctrl';
