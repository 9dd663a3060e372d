import type { ReactNode } from 'react';

export function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="part" aria-label={title}>
      <h2 className="f15 bb">{title}</h2>
      <div>{children}</div>
    </section>
  );
}

interface LineProps {
  readonly label: string;
  readonly note: string;
  readonly children: ReactNode;
}

export function Line({ label, note, children }: LineProps) {
  return (
    <div className="setting">
      <div className="setting-words">
        <div className="b">{label}</div>
        <div className="q f12">{note}</div>
      </div>
      {children}
    </div>
  );
}
