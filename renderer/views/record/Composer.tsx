import { PencilLine } from 'lucide-react';
import { type Ref, useImperativeHandle, useRef, useState } from 'react';
import type { RoadbookError } from '../../../shared/errors.ts';
import type { RecordRow } from '../../../shared/ipc.ts';
import { type Body, entityOf } from '../../../shared/model/index.ts';
import { asRoadbookError, call } from '../../bridge.ts';
import { Button, Segments } from '../../components/Button.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Kbd, modifier } from '../../components/Kbd.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useDraft } from '../../drafts/useDraft.ts';
import { Restored } from '../../forms/Restored.tsx';
import { newId } from '../../state/ids.ts';
import { noteIdentity } from './draft-names.ts';

const KINDS = ['note', 'call', 'visit', 'task'] as const;
export type ComposerKind = (typeof KINDS)[number];

const OPTIONS: readonly { value: ComposerKind; label: string }[] = [
  { value: 'note', label: 'Note' },
  { value: 'call', label: 'Call' },
  { value: 'visit', label: 'Visit' },
  { value: 'task', label: 'Task' },
];
const HINTS: Readonly<Record<ComposerKind, string>> = {
  note: 'Write a note, or type / for a call, visit or task',
  call: 'What came out of the call?',
  visit: 'What came out of the visit?',
  task: 'What is to be done?',
};

export interface ComposerHandle {
  /** Opens it to write that kind. */
  start(kind: ComposerKind): void;
}

interface ComposerProps {
  readonly regarding: Pick<RecordRow, 'collection' | 'id'>;
  /** Shows what was written before it is on the disk, and takes it away again when it could not be kept. */
  readonly onWritten: (row: RecordRow) => void;
  readonly onFailed: (id: string) => void;
  /** Who writes. */
  readonly me: string;
  readonly ref?: Ref<ComposerHandle>;
}

/** One piece of writing: what it becomes when it is saved, however often that is. */
interface Begun {
  readonly id: string;
  /** Instant. Also when a call or visit that is logged took place. */
  readonly at: string;
}

interface Payload extends Partial<Begun> {
  readonly kind: ComposerKind;
  readonly text: string;
}

/** Writes a note, or logs a call, visit or task, on the record that is open. */
export function Composer({ regarding, onWritten, onFailed, me, ref }: ComposerProps) {
  const [kind, setKind] = useState<ComposerKind>('note');
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  const [error, setError] = useState<RoadbookError | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const begun = useRef<Begun | null>(null);
  const current = (): Begun => {
    begun.current ??= { id: newId(), at: new Date().toISOString() };
    return begun.current;
  };
  const draft = useDraft(noteIdentity(regarding.collection as 'deals', regarding.id), (payload) => {
    const restored = payload as Payload;
    const { id, at } = restored;
    if (id !== undefined && at !== undefined) begun.current = { id, at };
    setKind(restored.kind);
    setText(restored.text);
    setOpen(true);
  });

  const now = useRef(text);
  now.current = text;
  const focus = () => requestAnimationFrame(() => area.current?.focus());
  useImperativeHandle(ref, () => ({
    start(wanted) {
      setKind(wanted);
      setOpen(true);
      focus();
    },
  }));

  const change = (next: Payload) => {
    setKind(next.kind);
    setText(next.text);
    setError(null);
    if (next.text.trim() === '') draft.drop();
    else draft.note({ ...next, ...current() } satisfies Payload);
  };
  const write = (value: string) => {
    const slash = /^\/(\w+)\s/.exec(value);
    const named = KINDS.find((candidate) => candidate === slash?.[1]);
    if (named !== undefined && slash !== null) change({ kind: named, text: value.slice(slash[0].length) });
    else change({ kind, text: value });
  };
  const clear = () => {
    draft.drop();
    begun.current = null;
    setText('');
    setKind('note');
    setOpen(false);
    setError(null);
  };
  const save = () => {
    const said = text.trim();
    if (said === '') {
      focus();
      return;
    }
    const kept = { kind, text };
    const own = current();
    const { id } = own;
    begun.current = null;
    // The line is free at once; a refusal brings the words back.
    setText('');
    setOpen(false);
    setKind('note');
    area.current?.blur();
    const values = {
      ...valuesOf(kind, said, own.at),
      regarding: regarding.id,
      regardingCollection: regarding.collection,
    };
    onWritten(activityRow(id, values, me));
    call('record.create', { collection: 'activities', id, values }).then(
      // What is being written by now is another note and keeps its own draft.
      () => (now.current.trim() === '' ? draft.drop() : undefined),
      (thrown: unknown) => {
        onFailed(id);
        const { code } = asRoadbookError(thrown);
        // Its record is gone or is another one: saved again, the words make a new one.
        if (code !== 'record.deleted' && code !== 'record.taken') begun.current = own;
        const more = now.current.trim() === '' ? '' : `\n${now.current}`;
        change({ kind: kept.kind, text: kept.text + more });
        setOpen(true);
        setError(asRoadbookError(thrown));
      },
    );
  };

  return (
    <div className={open ? 'composer open' : 'composer'}>
      <Restored at={draft.restoredAt} onDiscard={clear} />
      <div className="composer-box">
        <Icon of={PencilLine} tone={3} />
        <textarea
          ref={area}
          rows={open ? 3 : 1}
          aria-label={open ? HINTS[kind] : 'Write a note'}
          placeholder={HINTS[kind]}
          value={text}
          onFocus={() => setOpen(true)}
          onBlur={(event) => {
            const within =
              event.relatedTarget instanceof Node &&
              event.currentTarget.closest('.composer')?.contains(event.relatedTarget);
            if (text === '' && within !== true) setOpen(false);
          }}
          onChange={(event) => write(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
            else if (event.key === 'Escape') {
              event.currentTarget.blur();
              if (text === '') clear();
            } else return;
            event.preventDefault();
            event.stopPropagation();
          }}
        />
        {!open && <Kbd>N</Kbd>}
      </div>
      {open && (
        <div className="row composer-foot">
          <Segments
            label="What it is"
            value={kind}
            options={OPTIONS}
            onChange={(next) => {
              change({ kind: next, text });
              focus();
            }}
          />
          <span className="sp" />
          {text !== '' && (
            <Button size="s" variant="ghost" onClick={clear}>
              Cancel
            </Button>
          )}
          <Button size="s" variant="primary" kbd={`${modifier} Enter`} onClick={save}>
            Save
          </Button>
        </div>
      )}
      <Problem error={error} />
    </div>
  );
}

/** The activity as the store will give it back. */
function activityRow(id: string, body: Body, me: string): RecordRow {
  const now = new Date().toISOString();
  return {
    collection: 'activities',
    id,
    rev: 0,
    deleted: false,
    name: entityOf('activities').title(body),
    owner: me,
    team: '',
    territory: '',
    createdAt: now,
    createdBy: me,
    updatedAt: now,
    updatedBy: me,
    body,
    mark: 'waiting',
  };
}

/** A task is still to be done and is named by its words; the others are done. */
function valuesOf(kind: ComposerKind, said: string, at: string): Record<string, unknown> {
  switch (kind) {
    case 'task':
      return { type: 'task', subject: said.slice(0, 249), status: 'open' };
    case 'call':
      return {
        type: 'call',
        text: said,
        status: 'done',
        direction: 'out',
        startAt: at,
      };
    case 'visit':
      return { type: 'visit', text: said, status: 'done', startAt: at };
    case 'note':
      return { type: 'note', text: said };
  }
}
