import './record.css';
import { useMemo, useRef } from 'react';
import type { CollectionName } from '../../../shared/model/index.ts';
import { may } from '../../../shared/rules/permissions.ts';
import { entityFor } from '../../../shared/rules/shown.ts';
import { ErrorState } from '../../components/EmptyState.tsx';
import { useShortcuts } from '../../keys.ts';
import { useApp } from '../../state/app.ts';
import type { ListContext } from '../../state/router.ts';
import { PageHead } from '../shell/Page.tsx';
import { Composer, type ComposerHandle } from './Composer.tsx';
import { Details } from './Details.tsx';
import { Highlights } from './Highlights.tsx';
import { RecordBar } from './RecordBar.tsx';
import { RecordHead } from './RecordHead.tsx';
import { Related } from './Related.tsx';
import { StagePath } from './StagePath.tsx';
import { Timeline } from './Timeline.tsx';
import { useCompany } from './useCompany.ts';
import { useHistory } from './useHistory.ts';
import { useKnownNames, useNames } from './useNames.ts';
import { useNeighbours } from './useNeighbours.ts';
import { useRecord } from './useRecord.ts';

interface RecordPageProps {
  readonly collection: CollectionName;
  readonly id: string;
  readonly list?: ListContext | undefined;
}

/** Everything about one record: its fields, what happened, and what stands beside it. */
export function RecordPage({ collection, id, list }: RecordPageProps) {
  const user = useApp((store) => store.state?.user ?? null);
  const entity = entityFor(user?.role ?? '', collection);
  const record = useRecord(collection, id);
  const history = useHistory(collection, id);
  const neighbours = useNeighbours(collection, id, list);
  const { stagesOfDeal } = useCompany();
  const known = useKnownNames();
  const composer = useRef<ComposerHandle>(null);
  const { row } = record;
  const { names: picked, setName } = useNames(entity, row === null ? {} : { ...row.body, owner: row.owner });
  const names = useMemo(
    () => ({ ...known, ...picked, ...history.names, ...record.detail?.names }),
    [known, picked, history.names, record.detail?.names],
  );
  const inbox = record.detail?.inbox;
  const openFields = useMemo(() => new Set(Object.keys(inbox ?? {})), [inbox]);
  const mayEdit =
    row !== null && !row.deleted && entity.editable && may(user?.role ?? '', 'update', collection);
  const mayWrite = may(user?.role ?? '', 'create', 'activities') && collection !== 'activities';

  useShortcuts({
    ...(mayWrite
      ? { n: () => composer.current?.start('note'), v: () => composer.current?.start('visit') }
      : {}),
    j: neighbours.next,
    k: neighbours.previous,
  });

  if (record.error !== null) {
    return (
      <>
        <PageHead title={entity.label} />
        <ErrorState error={record.error} onRetry={record.reload} />
      </>
    );
  }
  if (row === null) return <PageHead title={entity.label} />;

  const stages = collection === 'deals' ? stagesOfDeal(row.body) : [];
  return (
    <>
      <RecordBar entity={entity} row={row} list={list} neighbours={neighbours} role={user?.role ?? ''} />
      <div className="record">
        <div className="record-top">
          <RecordHead
            row={row}
            names={names}
            waiting={record.waiting.size}
            item={Object.values(record.detail?.inbox ?? {})[0]}
            onWrite={mayWrite ? (kind) => composer.current?.start(kind) : undefined}
          />
          {stages.length > 0 && (
            <StagePath
              row={row}
              stages={stages}
              history={history.history}
              mayEdit={mayEdit}
              waiting={record.waiting.has('stage')}
              item={record.detail?.inbox.stage}
              onMove={record.save}
            />
          )}
        </div>
        <Highlights
          row={row}
          history={history.history}
          activities={history.activities}
          names={names}
          stages={stages}
        />
        <div className="three">
          <div className="left">
            <Details
              entity={entity}
              row={row}
              record={record}
              names={names}
              onName={setName}
              mayEdit={mayEdit}
            />
          </div>
          <div className="mid">
            <Timeline
              events={history.events}
              loading={history.loading}
              me={user?.id ?? ''}
              names={names}
              stages={stages}
              collection={collection}
              record={{ row, role: user?.role ?? '', save: record.save, open: openFields }}
            >
              {mayWrite && (
                <Composer
                  ref={composer}
                  regarding={row}
                  me={user?.id ?? ''}
                  onWritten={history.show}
                  onFailed={history.takeBack}
                />
              )}
            </Timeline>
          </div>
          <div className="right">
            <Related row={row} names={names} mayEdit={mayEdit} onSave={record.save} />
          </div>
        </div>
      </div>
    </>
  );
}
