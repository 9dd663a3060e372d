import { GitMerge, ShieldCheck } from 'lucide-react';
import type { Stage } from '../../../shared/model/index.ts';
import { Icon } from '../../components/Icon.tsx';
import { instant } from '../../format.ts';
import { RecordLink } from '../record/Value.tsx';
import { shortWords } from './choices.ts';
import { type InboxItem, itemTitle, settledTitle } from './items.ts';

interface SettledPaneProps {
  readonly item: InboxItem;
  readonly names: Readonly<Record<string, string>>;
  readonly stages: readonly Stage[];
}

/** What was settled: both values stay readable. */
export function SettledPane({ item, names, stages }: SettledPaneProps) {
  const words = (value: unknown) => shortWords(item, value, names, stages) || 'empty';
  const who = (user: string | undefined) => (user === undefined ? '' : (names[user] ?? 'somebody'));
  return (
    <section className="pn" aria-label={itemTitle(item)}>
      <div className="row">
        <Icon of={item.kind === 'refusal' ? ShieldCheck : GitMerge} />
        <h2>{settledTitle(item, (value) => shortWords(item, value, names, stages))}</h2>
      </div>
      <div className="row g6 m pn-about">
        <RecordLink
          collection={item.collection ?? undefined}
          id={item.record}
          name={item.subject}
          className="link b"
        />
        {item.spec !== undefined && (
          <span>
            field <span className="b strong">{item.spec.label}</span>
          </span>
        )}
      </div>
      <div className="rej">
        {item.device !== null && (
          <div className="rr">
            <span className="m">From the device</span>
            <span className="row g6 tr">
              <span className="n">{words(item.device.value)}</span>
              <span className="q f12 tr">
                {who(item.device.user)}, {instant(item.device.at)}
              </span>
            </span>
          </div>
        )}
        {item.server !== null && (
          <div className="rr">
            <span className="m">On the server</span>
            <span className="row g6 tr">
              <span className="n">{words(item.server.value)}</span>
              <span className="q f12 tr">
                {who(item.server.user)}, {instant(item.server.at)}
              </span>
            </span>
          </div>
        )}
        {item.reason !== '' && (
          <div className="rr">
            <span className="m">Reason</span>
            <span>{item.reason}</span>
          </div>
        )}
      </div>
      <p className="q f12 pn-actions">Open the record to change the value again.</p>
    </section>
  );
}
