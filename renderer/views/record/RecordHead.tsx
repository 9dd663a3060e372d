import { MapPinCheckInside, Phone, StickyNote } from 'lucide-react';
import { Fragment, type ReactNode, useState } from 'react';
import type { RoadbookError } from '../../../shared/errors.ts';
import type { RecordRow } from '../../../shared/ipc.ts';
import { type CollectionName, entityOf } from '../../../shared/model/index.ts';
import { asRoadbookError, call } from '../../bridge.ts';
import { Avatar } from '../../components/Avatar.tsx';
import { Button } from '../../components/Button.tsx';
import { Tag } from '../../components/Tag.tsx';
import { counted } from '../../format.ts';
import { navigate } from '../../state/router.ts';
import type { ComposerKind } from './Composer.tsx';
import { RecordLink } from './Value.tsx';

interface RecordHeadProps {
  readonly row: RecordRow;
  readonly names: Readonly<Record<string, string>>;
  /** Fields with changes that were not sent. */
  readonly waiting: number;
  /** An open inbox item about this record. */
  readonly item: string | undefined;
  readonly onWrite: ((kind: ComposerKind) => void) | undefined;
}

/** Who or what it is, whose it is, and how it stands towards the server. */
export function RecordHead({ row, names, waiting, item, onWrite }: RecordHeadProps) {
  const [error, setError] = useState<RoadbookError | null>(null);
  const collection = row.collection as CollectionName;
  const person = collection === 'contacts' || collection === 'leads';
  const restore = () =>
    call('record.restore', { collection, id: row.id }).then(
      () => setError(null),
      (thrown: unknown) => setError(asRoadbookError(thrown)),
    );
  return (
    <>
      <div className="row g12 record-head">
        <Avatar name={row.name} id={row.id} size="l" square={!person} />
        <div className="record-title">
          <div className="row">
            <h1 className="tr">{row.name}</h1>
            {item !== undefined && (
              <button type="button" className="tag-button" onClick={() => navigate({ name: 'inbox', item })}>
                <Tag tone="signal">
                  <span className="dia" aria-hidden="true" />
                  Needs you
                </Tag>
              </button>
            )}
            {waiting > 0 ? (
              <Tag>
                <span className="dot un" aria-hidden="true" />
                {counted(waiting, 'change', 'changes')} saved here
              </Tag>
            ) : (
              row.mark === 'waiting' && (
                <Tag>
                  <span className="dot un" aria-hidden="true" />
                  Saved here, not sent
                </Tag>
              )
            )}
          </div>
          <div className="row g6 m record-sub">{dotted(subtitle(row, names))}</div>
        </div>
        <span className="sp" />
        {onWrite !== undefined && !row.deleted && (
          <div className="row record-actions">
            <Button icon={Phone} onClick={() => onWrite('call')}>
              Log call
            </Button>
            <Button icon={StickyNote} kbd="N" onClick={() => onWrite('note')}>
              Note
            </Button>
            <Button variant="primary" icon={MapPinCheckInside} kbd="V" onClick={() => onWrite('visit')}>
              Log visit
            </Button>
          </div>
        )}
      </div>
      {row.deleted && (
        <div className="row record-deleted">
          <span>This {entityOf(collection).singular} was deleted. Its values are kept.</span>
          <Button size="s" onClick={() => void restore()}>
            Restore
          </Button>
          {error !== null && <span className="m">{error.message}</span>}
        </div>
      )}
    </>
  );
}

function subtitle(row: RecordRow, names: Readonly<Record<string, string>>): ReactNode[] {
  const parts: ReactNode[] = [];
  const { body } = row;
  const account = typeof body.account === 'string' ? body.account : null;
  if (account !== null) {
    parts.push(
      <RecordLink
        key="account"
        collection="accounts"
        id={account}
        name={names[account] ?? '…'}
        className="link b"
      />,
    );
  }
  for (const field of ['title', 'company', 'industry', 'family', 'code']) {
    const value = body[field];
    if (typeof value === 'string' && value !== '') parts.push(<span className="tr">{value}</span>);
  }
  const regarding = typeof body.regarding === 'string' ? body.regarding : null;
  if (regarding !== null) {
    parts.push(
      <RecordLink
        collection={String(body.regardingCollection ?? '')}
        id={regarding}
        name={names[regarding] ?? '…'}
        className="link b"
      />,
    );
  }
  const owner = names[row.owner];
  if (owner !== undefined) {
    parts.push(
      <span className="row g6 tr">
        <Avatar name={owner} id={row.owner} />
        {owner}
      </span>,
    );
  }
  const territory = names[row.territory];
  if (territory !== undefined) parts.push(<span className="tr">{territory}</span>);
  if (typeof body.externalId === 'string') parts.push(<span className="n f11">{body.externalId}</span>);
  return parts;
}

function dotted(parts: readonly ReactNode[]): ReactNode {
  return parts.map((part, index) => (
    // The parts of one line never change their order.
    // biome-ignore lint/suspicious/noArrayIndexKey: see above
    <Fragment key={index}>
      {index > 0 && (
        <span className="q" aria-hidden="true">
          ·
        </span>
      )}
      {part}
    </Fragment>
  ));
}
