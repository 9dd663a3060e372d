import './draft-notice.css';
import { X } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Button, IconButton } from '../components/Button.tsx';
import { useLeaves } from '../components/useLeaves.ts';
import { instant, time, today } from '../format.ts';
import { navigate, openCreate, useRouter } from '../state/router.ts';
import type { Draft } from './drafts.ts';
import { type Leftover, leftoverOf } from './leftover.ts';
import { openDrafts } from './open.ts';

/** Most leftovers that are named; older ones come up when these are dealt with. */
const MOST = 3;

/**
 * After a crash or a lock: what was being written then, with the way back to it. It leaves by itself: what was typed
 * stays kept, and its form has it whenever it is opened.
 */
export function DraftNotice() {
  const [leftovers, setLeftovers] = useState<readonly Leftover[]>([]);
  /** Told, and not to be told again. */
  const [told, setTold] = useState<ReadonlySet<string>>(new Set());
  const route = useRouter((state) => state.route);
  const create = useRouter((state) => state.create);
  /** What is typed from now on is no leftover. */
  const since = useRef(Date.now());

  const look = useCallback(async () => {
    const drafts = (await (await openDrafts())?.list()) ?? [];
    const found = drafts.filter((draft) => draft.at < since.current);
    setLeftovers(await named(found.slice(0, MOST)));
  }, []);
  // Going somewhere may have dealt with one of them.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    look().catch((error: Error) => console.warn('Leftover drafts could not be listed.', error.name));
  }, [look, route, create]);

  const discard = (identity: string) => {
    setLeftovers((before) => before.filter((leftover) => leftover.identity !== identity));
    const drop = async () => {
      await (await openDrafts())?.drop(identity);
      await look();
    };
    // It is offered again where it could not be thrown away.
    drop().catch((error: Error) => console.warn('A draft could not be thrown away.', error.name));
  };
  const open = (leftover: Leftover) => {
    setLeftovers((before) => before.filter(({ identity }) => identity !== leftover.identity));
    if (leftover.to === 'create') openCreate(leftover.collection, leftover.presets);
    else navigate({ name: 'record', collection: leftover.collection, id: leftover.id });
  };

  const elsewhere = leftovers
    .filter(({ identity }) => !told.has(identity))
    .filter((leftover) =>
      leftover.to === 'create' ? create === null : !(route.name === 'record' && route.id === leftover.id),
    );
  const shown = elsewhere.map(({ identity }) => identity);
  const dismiss = () => setTold((before) => new Set([...before, ...shown]));
  const hold = useLeaves(shown.length === 0 ? null : shown.join(' '), dismiss);
  if (elsewhere.length === 0) return null;
  return (
    <section className="draft-notice float" aria-label="Restored drafts" role="status" {...hold}>
      {elsewhere.map((leftover) => (
        <div className="row" key={leftover.identity}>
          <span className="tr sp">
            Restored what you typed at <span className="n">{at(leftover.at)}</span>: {leftover.words}
          </span>
          <Button size="s" onClick={() => open(leftover)}>
            Go on
          </Button>
          <Button size="s" variant="ghost" onClick={() => discard(leftover.identity)}>
            Discard
          </Button>
          <IconButton
            icon={X}
            label="Not now"
            size="s"
            iconSize={14}
            onClick={() => setTold((before) => new Set([...before, leftover.identity]))}
          />
        </div>
      ))}
    </section>
  );
}

async function named(drafts: readonly Draft[]): Promise<Leftover[]> {
  const leftovers = await Promise.all(drafts.map(leftoverOf));
  return leftovers.filter((leftover) => leftover !== null);
}

function at(millis: number): string {
  const iso = new Date(millis).toISOString();
  return today(new Date(millis)) === today() ? time(iso) : instant(iso);
}
