import '../../components/problem.css';
import { type ReactNode, useEffect, useRef } from 'react';
import type { RoadbookError } from '../../../shared/errors.ts';
import { entityOf } from '../../../shared/model/index.ts';
import { call } from '../../bridge.ts';
import { StageGlyph } from '../../components/Marks.tsx';
import { offerUndo } from '../../state/toasts.ts';
import { useCompany } from '../record/useCompany.ts';
import { useNames } from '../record/useNames.ts';
import { useRecord } from '../record/useRecord.ts';
import { RecordLink } from '../record/Value.tsx';
import { Conflict } from './Conflict.tsx';
import { shortWords } from './choices.ts';
import { type InboxItem, itemTitle } from './items.ts';
import { Refusal } from './Refusal.tsx';

interface ItemPaneProps {
  readonly item: InboxItem;
  /** "1 of 2" */
  readonly place: string;
  readonly active: boolean;
  readonly me: string;
  readonly error: RoadbookError | null;
  /** The item leaves the screen at once; it comes back with the error when the act fails. */
  readonly onSettle: (item: InboxItem, act: () => Promise<void>) => void;
}

/** One open item: what it is about, and the two ways such items go. */
export function ItemPane({ item, place, active, me, error, onSettle }: ItemPaneProps) {
  const collection = item.collection ?? 'deals';
  const { detail } = useRecord(collection, item.record);
  const { stagesOfDeal } = useCompany();
  const entity = entityOf(collection);
  const { names: known, setName } = useNames(entity, {
    ...detail?.row.body,
    ...(item.field === 'owner' || item.spec?.kind === 'reference'
      ? { [item.field]: item.device?.value }
      : {}),
  });
  const names = { ...known, ...detail?.names };
  const stages = collection === 'deals' && detail !== null ? stagesOfDeal(detail.row.body) : [];
  const stage = stages.find((candidate) => candidate.id === detail?.row.body.stage);
  const account = detail?.row.body.account;
  const section = useRef<HTMLElement>(null);

  useEffect(() => {
    if (active) section.current?.scrollIntoView?.({ block: 'nearest' });
  }, [active]);

  const resolve = (choice: 'device' | 'server' | 'other', value?: unknown) =>
    call('inbox.resolve', { id: item.id, choice, ...(choice === 'other' ? { value } : {}) });
  const reopen = async () => void (await call('inbox.reopen', { id: item.id }));

  return (
    <section className="pn" ref={section} aria-label={itemTitle(item)}>
      <div className="row">
        <span className="dia" aria-hidden="true" />
        <h2>{item.kind === 'refusal' ? 'The server refused one change' : itemTitle(item)}</h2>
        <span className="sp" />
        <span className="q f12">{place}</span>
      </div>
      <div className="row g6 m pn-about">
        {stage !== undefined && <StageGlyph stage={stage} stages={stages} />}
        <RecordLink collection={collection} id={item.record} name={item.subject} className="link b" />
        {typeof account === 'string' && names[account] !== undefined && (
          <>
            <Dot />
            <span className="tr">{names[account]}</span>
          </>
        )}
        {item.spec !== undefined && (
          <>
            <Dot />
            <span>
              field <span className="b strong">{item.spec.label}</span>
            </span>
          </>
        )}
        {item.kind === 'conflict' && item.base !== null && (
          <>
            <Dot />
            <span className="tr">
              both started from <span className="n">{shortWords(item, item.base, names, stages)}</span>
            </span>
          </>
        )}
      </div>
      {error !== null && (
        <div className="problem pn-problem" role="alert">
          <div className="b">{error.message}</div>
          <div className="m f12">{error.hint}</div>
        </div>
      )}
      {item.kind === 'conflict' ? (
        <Conflict
          item={item}
          detail={detail}
          names={names}
          stages={stages}
          me={me}
          active={active}
          onName={setName}
          onApply={(choice, value, words) =>
            onSettle(item, async () => {
              await resolve(choice, value);
              offerUndo(`Kept ${words}`, reopen);
            })
          }
        />
      ) : (
        <Refusal
          item={item}
          detail={detail}
          names={names}
          stages={stages}
          active={active}
          onName={setName}
          onResend={(values) =>
            onSettle(item, async () => {
              await call('record.update', { collection, id: item.record, values });
              await resolve('server');
            })
          }
          onTakeBack={() =>
            onSettle(item, async () => {
              await resolve('server');
              offerUndo('Took your change back', reopen);
            })
          }
        />
      )}
    </section>
  );
}

function Dot(): ReactNode {
  return (
    <span className="q" aria-hidden="true">
      ·
    </span>
  );
}
