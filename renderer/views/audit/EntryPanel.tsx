import { Check, ChevronDown, ChevronUp, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { AuditEntry } from '../../../shared/ipc.ts';
import { entityOf, isCollection, type Stage } from '../../../shared/model/index.ts';
import { call } from '../../bridge.ts';
import { Avatar } from '../../components/Avatar.tsx';
import { Button, IconButton } from '../../components/Button.tsx';
import { copyText } from '../../components/copy.ts';
import { Icon } from '../../components/Icon.tsx';
import { count, date, timeExact, today } from '../../format.ts';
import { showValue } from '../../forms/show.ts';
import { useApp } from '../../state/app.ts';
import { navigate } from '../../state/router.ts';
import { PutBackWords } from '../record/PutBack.tsx';
import { changedField } from '../record/put-back.ts';
import { usePutBack } from '../record/usePutBack.ts';
import { opens } from '../record/Value.tsx';
import { fromTo, recordOf, shortHash, specOf, stateWords, titleOf } from './describe.ts';
import { useChain } from './useChain.ts';

interface EntryPanelProps {
  readonly entry: AuditEntry;
  /** Entries of this device in all: that is where its neighbours in the chain are. */
  readonly total: number;
  readonly names: Readonly<Record<string, string>>;
  readonly stages: readonly Stage[];
  /** True: the chain was verified and this entry lies within it. */
  readonly verified: boolean;
  readonly onNewer: (() => void) | undefined;
  readonly onOlder: (() => void) | undefined;
  readonly onClose: () => void;
}

/** One entry of the log, whole. */
export function EntryPanel({
  entry,
  total,
  names,
  stages,
  verified,
  onNewer,
  onOlder,
  onClose,
}: EntryPanelProps) {
  const [copied, setCopied] = useState(false);
  const { collection, record: id } = entry;
  const role = useApp((store) => store.state?.user?.role ?? '');
  const { answer, putBack, forget } = usePutBack({
    entry,
    role,
    record: async () => (await call('record.get', { collection, id })).row,
    save: (values) => call('record.update', { collection, id, values }),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another entry has not been copied, nor put back
  useEffect(() => {
    setCopied(false);
    forget();
  }, [entry.seq]);
  const { before, after } = useChain(entry.seq, total);
  const linked = opens(collection) && entry.record !== '';
  return (
    <aside className="entry-panel" aria-label={`Entry ${entry.seq}`}>
      <div className="row panel-head">
        <span className="n bb">{count(entry.seq)}</span>
        <span className="q f12">entry</span>
        <span className="sp" />
        <IconButton icon={ChevronUp} label="Newer entry" disabled={onNewer === undefined} onClick={onNewer} />
        <IconButton
          className="tight"
          icon={ChevronDown}
          label="Older entry"
          disabled={onOlder === undefined}
          onClick={onOlder}
        />
        <IconButton className="tight" icon={X} label="Close" onClick={onClose} />
      </div>
      <div className="panel-body">
        <h2 className="f15 bb">{titleOf(entry)}</h2>
        <div className={linked ? 'acc b tr' : 'm tr'}>{recordOf(entry)}</div>
        <Diff entry={entry} stages={stages} names={names} />
        <dl className="facts">
          <dt>Who</dt>
          <dd className="row g6">
            {entry.userName === '' ? (
              entry.kind === 'erased' ? (
                'Not kept'
              ) : (
                'Roadbook'
              )
            ) : (
              <>
                <Avatar name={entry.userName} id={entry.user} />
                <span className="tr">{entry.userName}</span>
              </>
            )}
          </dd>
          <dt>When</dt>
          <dd className="n">
            {entry.at === '' ? 'Not kept' : `${date(today(new Date(entry.at)))} ${timeExact(entry.at)}`}
          </dd>
          <dt>Device</dt>
          <dd className="tr">
            {entry.deviceName || 'Not known'}
            {entry.offline ? ', offline' : ''}
          </dd>
          {entry.state !== '' && (
            <>
              <dt>State</dt>
              <dd className="row g6">
                {stateWords(entry.state)}
                {entry.state === 'saved' && <span className="dot un" aria-hidden="true" />}
                {(entry.state === 'conflict' || entry.state === 'refused') && (
                  <span className="dia" aria-hidden="true" />
                )}
              </dd>
            </>
          )}
          <dt>Hash</dt>
          <dd className="n f11 hash">{entry.hash}</dd>
        </dl>
        <div className="hr panel-rule" />
        <div className="h panel-label">Chain</div>
        <div className="chain">
          {before !== undefined && <Link entry={before} />}
          <Link entry={entry} on verified={verified} />
          {after !== undefined && <Link entry={after} />}
        </div>
        <div className="row panel-actions">
          {linked && (
            <Button onClick={() => navigate({ name: 'record', collection, id: entry.record })}>
              Open record
            </Button>
          )}
          {changedField(entry) !== undefined && <Button onClick={putBack}>Put back</Button>}
          <Button variant="ghost" onClick={() => setCopied(copyText(JSON.stringify(entry, null, 2)))}>
            {copied ? 'Copied' : 'Copy entry'}
          </Button>
        </div>
        <PutBackWords answer={answer} />
      </div>
    </aside>
  );
}

/** Values before and after; of a new record everything it began with. */
function Diff({ entry, stages, names }: Pick<EntryPanelProps, 'entry' | 'stages' | 'names'>) {
  const change = fromTo(entry, stages, names);
  if (change !== null) {
    const label = specOf(entry)?.label ?? entry.field;
    return (
      <div className="diff">
        <DiffLine sign="−" label={label} value={change.from} figures={change.figures} />
        <DiffLine sign="+" label={label} value={change.to} figures={change.figures} />
      </div>
    );
  }
  const made = entry.kind === 'create' ? bodyOf(entry.to) : [];
  if (made.length === 0 || !isCollection(entry.collection)) return null;
  const entity = entityOf(entry.collection);
  return (
    <div className="diff">
      {made.map(([name, value]) => {
        const spec = entity.fields[name];
        if (spec === undefined) return null;
        const words = showValue(spec, value, { names: { ...names, ...entry.names }, stages });
        return words === '' ? null : (
          <DiffLine
            key={name}
            sign="+"
            label={spec.label}
            value={words}
            figures={spec.kind === 'money' || spec.kind === 'date'}
          />
        );
      })}
    </div>
  );
}

function bodyOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

interface DiffLineProps {
  readonly sign: '−' | '+';
  readonly label: string;
  readonly value: string;
  readonly figures: boolean;
}

function DiffLine({ sign, label, value, figures }: DiffLineProps) {
  const to = sign === '+';
  return (
    <div className={to ? 'dl to' : 'dl from'}>
      <span className="sg" role="img" aria-label={to ? 'after' : 'before'}>
        {sign}
      </span>
      <span className={to ? 'tr' : 'q tr'}>{label}</span>
      {value === '' ? (
        <span className="q">empty</span>
      ) : (
        <span className={`diff-value${figures ? ' n' : ''}${to ? ' bb' : ''}`}>{value}</span>
      )}
    </div>
  );
}

interface LinkProps {
  readonly entry: AuditEntry;
  readonly on?: boolean;
  readonly verified?: boolean;
}

function Link({ entry, on = false, verified = false }: LinkProps) {
  return (
    <div className={on ? 'lk on' : 'lk'}>
      <span className={on ? 'n bb' : 'q n'}>{count(entry.seq)}</span>
      <span className={on ? 'n' : 'n q'}>{shortHash(entry.hash)}</span>
      {on && verified && (
        <span className="row g4 acc f12 b">
          <Icon of={Check} size={12} tone="current" />
          matches
        </span>
      )}
    </div>
  );
}
