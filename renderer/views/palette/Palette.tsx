import './palette.css';
import { Search } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { SearchHit } from '../../../shared/ipc.ts';
import { entityOf, isCollection } from '../../../shared/model/index.ts';
import type { SessionUser } from '../../../shared/sync/wire.ts';
import { Modal } from '../../components/Dialog.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Kbd, KeyHint } from '../../components/Kbd.tsx';
import { count, millis } from '../../format.ts';
import { useCounts } from '../../state/counts.ts';
import { useDirectory } from '../../state/directory.ts';
import { type ListCollection, listCollections, navigate, setPalette, useRouter } from '../../state/router.ts';
import { actionsFor, type PaletteAction } from './actions.ts';
import { HitRow, Marked } from './HitRow.tsx';
import { highlight } from './search.ts';
import { type SearchState, useSearch } from './useSearch.ts';

type Line =
  | { readonly kind: 'hit'; readonly hit: SearchHit }
  | { readonly kind: 'action'; readonly action: PaletteAction };

const scopes: readonly (ListCollection | null)[] = [null, ...listCollections];

/** Finds any record and any action by a few letters. */
export function Palette({ user }: { readonly user: SessionUser }) {
  const id = useId();
  const [text, setText] = useState('');
  const [scope, setScope] = useState<ListCollection | null>(null);
  const [active, setActive] = useState(0);
  const route = useRouter((state) => state.route);
  const pipelines = useDirectory((state) => state.pipelines);
  const search = useSearch(text, scope);
  const hits = useMemo(() => search.result?.hits ?? [], [search.result]);
  const actions = useMemo(
    () => (scope === null ? actionsFor({ role: user.role, route, text, hits }) : []),
    [user.role, route, text, hits, scope],
  );
  const lines = useMemo<readonly Line[]>(
    () => [
      ...hits.map((hit): Line => ({ kind: 'hit', hit })),
      ...actions.map((action): Line => ({ kind: 'action', action })),
    ],
    [hits, actions],
  );
  const close = () => setPalette(false);
  const run = (line: Line | undefined) => {
    if (line === undefined) return;
    if (line.kind === 'action') {
      close();
      line.action.run();
    } else if (isCollection(line.hit.collection)) {
      navigate({ name: 'record', collection: line.hit.collection, id: line.hit.id });
    }
  };
  // Enter pressed before the answer is there opens what the answer puts first, never a leftover of an older one.
  const enterWaits = useRef(false);
  useEffect(() => {
    if (search.pending || !enterWaits.current) return;
    enterWaits.current = false;
    run(lines[0]);
  });
  const index = Math.min(active, lines.length - 1);
  const cycle = (by: number) => {
    const at = scopes.indexOf(scope);
    setScope(scopes[(at + by + scopes.length) % scopes.length] ?? null);
    setActive(0);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setActive(index + 1 < lines.length ? index + 1 : 0);
    else if (event.key === 'ArrowUp') setActive(index > 0 ? index - 1 : lines.length - 1);
    else if (event.key === 'Tab') cycle(event.shiftKey ? -1 : 1);
    else if (event.key === 'Enter') {
      if (search.pending) enterWaits.current = true;
      else run(lines[index]);
    } else if (event.key === 'k' && (event.ctrlKey || event.metaKey)) close();
    else return;
    event.preventDefault();
  };
  const line = (at: number, key: string, content: ReactNode) => (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox has the keyboard
    <div
      key={key}
      id={`${id}-${at}`}
      role="option"
      tabIndex={-1}
      aria-selected={at === index}
      className={at === index ? 'pal-row on' : 'pal-row'}
      ref={at === index ? keepInView : null}
      onMouseMove={() => setActive(at)}
      onClick={() => run(lines[at])}
    >
      {content}
      {at === index && <Kbd>Enter</Kbd>}
    </div>
  );
  return (
    <Modal name="Search or jump to" className="palette" width={664} onClose={close}>
      <div className="pal-head">
        <Icon of={Search} />
        <input
          // biome-ignore lint/a11y/noAutofocus: the palette was opened by the person just now, to type in it
          autoFocus
          role="combobox"
          aria-label="Search or jump to"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={index >= 0 ? `${id}-${index}` : undefined}
          autoComplete="off"
          spellCheck={false}
          placeholder="Search or jump to"
          maxLength={200}
          value={text}
          onChange={(event) => {
            // Who writes on has not meant what stood there.
            enterWaits.current = false;
            setText(event.target.value);
            setActive(0);
          }}
          onKeyDown={press}
        />
        <button type="button" className="chip pal-scope" title="Where to look (Tab)" onClick={() => cycle(1)}>
          {scope === null ? 'Everywhere' : entityOf(scope).labelPlural}
        </button>
        <Kbd>Tab</Kbd>
      </div>
      <div
        className="pal-list"
        id={`${id}-list`}
        role="listbox"
        aria-label="Results"
        aria-busy={search.pending}
      >
        {hits.length > 0 && (
          // biome-ignore lint/a11y/useSemanticElements: a group of options in a listbox
          <div role="group" aria-label="Records">
            <div className="pal-sec h" aria-hidden="true">
              Records
            </div>
            {hits.map((hit, at) =>
              line(
                at,
                hit.id,
                <HitRow
                  hit={hit}
                  text={search.text}
                  names={search.result?.names ?? {}}
                  pipelines={pipelines}
                />,
              ),
            )}
          </div>
        )}
        {actions.length > 0 && (
          // biome-ignore lint/a11y/useSemanticElements: a group of options in a listbox
          <div role="group" aria-label="Actions">
            <div className="pal-sec h" aria-hidden="true">
              Actions
            </div>
            {actions.map((action, at) =>
              line(hits.length + at, action.id, <ActionRow action={action} text={text} />),
            )}
          </div>
        )}
        <NothingFound search={search} text={text} lines={lines.length} />
      </div>
      <PaletteFoot search={search} />
    </Modal>
  );
}

function ActionRow({ action, text }: { readonly action: PaletteAction; readonly text: string }) {
  return (
    <>
      <span className="pal-icon">
        <Icon of={action.icon} />
      </span>
      <span className="tr b">
        <Marked parts={highlight(action.label, text)} />
      </span>
      <span className="sp" />
      <span className="row g4">
        {action.keys.map((key) => (
          <Kbd key={key}>{key}</Kbd>
        ))}
      </span>
    </>
  );
}

interface NothingProps {
  readonly search: SearchState;
  readonly text: string;
  readonly lines: number;
}

function NothingFound({ search, text, lines }: NothingProps) {
  if (search.error !== null) {
    return (
      <p className="pal-none" role="alert">
        {search.error.message} {search.error.hint}
      </p>
    );
  }
  if (lines > 0 || search.pending || text.trim() === '') return null;
  return <p className="pal-none m">Nothing on this device fits “{text.trim()}”.</p>;
}

function PaletteFoot({ search }: { readonly search: SearchState }) {
  const total = useCounts(({ counts }) =>
    listCollections.reduce((sum, collection) => sum + (counts[collection] ?? 0), 0),
  );
  const { result } = search;
  return (
    <footer className="pal-foot">
      <KeyHint keys={['↑', '↓']}>choose</KeyHint>
      <KeyHint keys={['Enter']}>open</KeyHint>
      <KeyHint keys={['Esc']}>close</KeyHint>
      <span className="sp" />
      <span className="q" role="status">
        {result !== null && !result.complete ? (
          'Not complete yet, the index is still being built'
        ) : (
          <>
            <span className="n">{count(total)}</span> records on this device
            {result !== null && (
              <>
                , <span className="n">{millis(result.millis)}</span>
              </>
            )}
          </>
        )}
      </span>
    </footer>
  );
}

function keepInView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}
