import './audit.css';
import '../list/filter-bar.css';
import { ScrollText } from 'lucide-react';
import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from 'react';
import type { AuditEntry, AuditFilter } from '../../../shared/ipc.ts';
import { EmptyState, ErrorState, Placeholder } from '../../components/EmptyState.tsx';
import { KeyHint } from '../../components/Kbd.tsx';
import { type TableColumn, type TableHandle, VirtualTable } from '../../components/VirtualTable.tsx';
import { count } from '../../format.ts';
import { useShortcuts } from '../../keys.ts';
import { useDirectory } from '../../state/directory.ts';
import { rowHeight, usePreferences } from '../../state/preferences.ts';
import { navigate } from '../../state/router.ts';
import { useKnownNames } from '../record/useNames.ts';
import { opens } from '../record/Value.tsx';
import { PageHead, StatusLine } from '../shell/Page.tsx';
import { AuditFilters, type FilterChoice, toFilter } from './AuditFilters.tsx';
import { AuditRow, Cell } from './AuditRow.tsx';
import { EntryPanel } from './EntryPanel.tsx';
import { ProofBanner } from './ProofBanner.tsx';
import { useAudit, useVerification } from './useAudit.ts';

const COLUMNS: readonly TableColumn[] = [
  { key: 'seq', label: 'No.', track: '48px', min: 48, align: 'right', sort: 'descending' },
  { key: 'when', label: 'When', track: '76px', min: 76 },
  { key: 'who', label: 'Who', track: '104px', min: 104 },
  { key: 'what', label: 'What', track: '112px', min: 112 },
  { key: 'record', label: 'Record', track: 'minmax(100px, 1fr)', min: 100 },
  { key: 'change', label: 'From, to', track: 'minmax(140px, 1fr)', min: 140 },
  { key: 'hash', label: 'Hash', track: '48px', min: 48, align: 'right' },
];

/** Who changed what from what to what: kept on this device, append only, and provably whole. */
export function AuditPage({ record }: { readonly record?: string | undefined }) {
  const [choice, setChoice] = useState<FilterChoice>({});
  const filter = useMemo((): AuditFilter => toFilter(choice, record), [choice, record]);
  const table = useRef<TableHandle>(null);
  const offset = useRef(0);
  const [cursor, setCursor] = useState(-1);
  const [open, setOpen] = useState(false);
  const height = rowHeight(usePreferences((state) => state.density));
  const pipelines = useDirectory((state) => state.pipelines);
  const stages = useMemo(() => pipelines.flatMap((pipeline) => pipeline.stages), [pipelines]);
  const names = useKnownNames();
  const sight = useRef({ from: 0, to: 0 });

  const list = useAudit(filter, (added) => {
    setCursor((before) => (before < 0 ? before : before + added));
    // At the top new entries are let in; further down what is being read stays where it is.
    if (offset.current > 0) table.current?.scrollTo(offset.current + added * height);
  });
  const proof = useVerification();
  const { count: shown, total } = list;
  // While rows come in above, the entry that is open stays open: what was said about it, and the focus in it.
  const last = useRef<AuditEntry>(undefined);
  const selected = cursor >= 0 ? (list.entry(cursor) ?? last.current) : undefined;
  last.current = selected;

  const move = (to: number) => {
    if (shown === null || shown === 0) return;
    const next = Math.max(0, Math.min(shown - 1, to));
    setCursor(next);
    table.current?.reveal(next);
    list.show(Math.min(sight.current.from, next), Math.max(sight.current.to, next));
  };
  const openRecord = () => {
    if (selected !== undefined && opens(selected.collection) && selected.record !== '') {
      navigate({ name: 'record', collection: selected.collection, id: selected.record });
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const page = table.current?.page() ?? 10;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: cursor + 1,
      ArrowUp: cursor - 1,
      PageDown: cursor + page,
      PageUp: cursor - page,
      Home: 0,
      End: (shown ?? 1) - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) move(to);
    else if (event.key === 'Enter' && cursor >= 0) setOpen(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  useShortcuts({
    j: () => move(cursor + 1),
    k: () => move(cursor - 1),
    r: proof.verify,
    o: openRecord,
    enter: cursor >= 0 ? () => setOpen(true) : undefined,
    escape: open ? () => setOpen(false) : undefined,
    f: () => document.getElementById('find-entries')?.focus(),
  });

  const onVisible = useCallback(
    (from: number, to: number) => {
      sight.current = { from, to };
      list.show(from, to);
    },
    [list.show],
  );
  const filtered = Object.keys(choice).length > 0;

  return (
    <>
      <PageHead icon={ScrollText} title="Audit log">
        <span className="q f12 tr">
          {record === undefined ? 'kept on this device, append only' : 'of one record, kept on this device'}
        </span>
      </PageHead>
      <ProofBanner proof={proof} total={total} />
      <div className="audit">
        <div className="audit-main">
          <AuditFilters
            choice={choice}
            record={record}
            onChange={(next) => {
              setChoice(next);
              setCursor(-1);
              table.current?.scrollTo(0);
            }}
          />
          <VirtualTable
            ref={table}
            label="Audit log"
            count={shown ?? 0}
            rowHeight={height}
            columns={COLUMNS}
            cursor={cursor}
            onVisible={onVisible}
            onScroll={(to) => {
              offset.current = to;
            }}
            onKeyDown={onKeyDown}
            rowProps={(index) => ({
              className: index === cursor ? 'sel' : '',
              'aria-selected': index === cursor,
              onClick: () => {
                setCursor(index);
                setOpen(true);
              },
              onDoubleClick: openRecord,
            })}
            renderRow={(index) => {
              const entry = list.entry(index);
              return entry === undefined ? (
                <Loading />
              ) : (
                <AuditRow entry={entry} stages={stages} names={names} />
              );
            }}
          >
            {list.error !== null ? (
              <ErrorState error={list.error} onRetry={list.retry} />
            ) : shown === 0 ? (
              <EmptyState>
                {filtered ? 'No entry fits these filters.' : 'Nothing has happened on this device yet.'}
              </EmptyState>
            ) : undefined}
          </VirtualTable>
        </div>
        {open && selected !== undefined && (
          <EntryPanel
            entry={selected}
            total={total}
            names={names}
            stages={stages}
            verified={proof.verdict?.ok === true && selected.seq <= proof.verdict.entries}
            onNewer={cursor > 0 ? () => move(cursor - 1) : undefined}
            onOlder={shown !== null && cursor < shown - 1 ? () => move(cursor + 1) : undefined}
            onClose={() => {
              setOpen(false);
              table.current?.focus();
            }}
          />
        )}
      </div>
      <StatusLine>
        <span>
          <span className="n">{count(shown ?? 0)}</span> of <span className="n">{count(total)}</span> entries
        </span>
        <span className="sp" />
        <KeyHint keys={['J', 'K']}>move</KeyHint>
        <KeyHint keys={['Enter']}>open</KeyHint>
        <KeyHint keys={['R']}>verify again</KeyHint>
      </StatusLine>
    </>
  );
}

const WIDTHS = [32, 56, 76, 72, '60%', '50%', 36];

function Loading() {
  return WIDTHS.map((width, index) => (
    // One bar per column, always the same.
    // biome-ignore lint/suspicious/noArrayIndexKey: see above
    <Cell key={index} className={index === 0 || index === 6 ? 'r' : ''}>
      <Placeholder width={width} />
    </Cell>
  ));
}
