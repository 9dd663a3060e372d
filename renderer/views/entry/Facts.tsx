import type { ReactNode } from 'react';

/** What a person should know before they decide: one line a fact. */
export function Facts({
  facts,
}: {
  readonly facts: readonly (readonly [label: string, words: ReactNode])[];
}) {
  return (
    <dl className="entry-facts">
      {facts.map(([label, words]) => (
        <div key={label}>
          <dt className="q">{label}</dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
  );
}
