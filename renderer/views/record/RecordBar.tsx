import { ChevronDown, ChevronUp, Copy, Ellipsis, ScrollText, Trash2 } from 'lucide-react';
import type { RecordRow } from '../../../shared/ipc.ts';
import type { CollectionName, Entity } from '../../../shared/model/index.ts';
import { may } from '../../../shared/rules/permissions.ts';
import { asRoadbookError, call } from '../../bridge.ts';
import { IconButton } from '../../components/Button.tsx';
import { copyText } from '../../components/copy.ts';
import { Menu, MenuItem, MenuRule } from '../../components/Menu.tsx';
import { count } from '../../format.ts';
import {
  goBack,
  type ListCollection,
  type ListContext,
  listCollections,
  navigate,
  useRouter,
} from '../../state/router.ts';
import { offerUndo, showTrouble } from '../../state/toasts.ts';
import type { useNeighbours } from './useNeighbours.ts';

interface RecordBarProps {
  readonly entity: Entity;
  readonly row: RecordRow;
  readonly list: ListContext | undefined;
  readonly neighbours: ReturnType<typeof useNeighbours>;
  readonly role: string;
}

/** The way here, the neighbours in the list, and what can be done with the whole record. */
export function RecordBar({ entity, row, list, neighbours, role }: RecordBarProps) {
  const { place, previous, next } = neighbours;
  const collection = row.collection as CollectionName;
  const remove = async () => {
    try {
      await call('record.delete', { collection, id: row.id });
    } catch (thrown) {
      showTrouble(`${row.name} was not deleted.`, asRoadbookError(thrown));
      return;
    }
    const { route } = useRouter.getState();
    if (route.name === 'record' && route.id === row.id) leave(collection, list);
    offerUndo(`Deleted ${row.name}`, async () => {
      await call('record.restore', { collection, id: row.id });
      navigate({ name: 'record', collection, id: row.id, list });
    });
  };
  const copyName = () => {
    if (!copyText(row.name)) showTrouble('The name was not copied.');
  };
  return (
    <header className="hdr record-bar">
      <nav className="row trail" aria-label="Way here">
        {isListed(collection) && (
          <button type="button" className="q" onClick={() => navigate({ name: 'list', collection })}>
            {entity.labelPlural}
          </button>
        )}
        {list !== undefined && list.title !== entity.labelPlural && (
          <>
            <span className="q" aria-hidden="true">
              /
            </span>
            <button type="button" className="m tr" onClick={() => navigate(list.route)}>
              {list.title}
            </button>
          </>
        )}
        <span className="q" aria-hidden="true">
          /
        </span>
        <span className="b tr">{row.name}</span>
      </nav>
      <span className="sp" />
      {place !== null && place.index >= 0 && (
        <>
          <span className="n q">
            <span className="m">{count(place.index + 1)}</span> of {count(place.count)}
          </span>
          <IconButton
            icon={ChevronUp}
            label="Previous in the list (K)"
            disabled={previous === undefined}
            onClick={previous}
          />
          <IconButton
            className="tight"
            icon={ChevronDown}
            label="Next in the list (J)"
            disabled={next === undefined}
            onClick={next}
          />
          <span className="vr" />
        </>
      )}
      <Menu label="More" align="end" trigger={<IconButton icon={Ellipsis} label="More" />}>
        <MenuItem icon={ScrollText} onSelect={() => navigate({ name: 'audit', record: row.id })}>
          Show in the audit log
        </MenuItem>
        <MenuItem icon={Copy} onSelect={copyName}>
          Copy name
        </MenuItem>
        {entity.editable && may(role, 'delete', collection) && !row.deleted && (
          <>
            <MenuRule />
            <MenuItem icon={Trash2} onSelect={() => void remove()}>
              {`Delete ${entity.singular}`}
            </MenuItem>
          </>
        )}
      </Menu>
    </header>
  );
}

function leave(collection: CollectionName, list: ListContext | undefined): void {
  if (list !== undefined) navigate(list.route);
  else if (isListed(collection)) navigate({ name: 'list', collection });
  else goBack();
}

function isListed(collection: CollectionName): collection is ListCollection {
  return (listCollections as readonly string[]).includes(collection);
}
