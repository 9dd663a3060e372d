import { Calendar, Mail, MapPin, Phone, SquareCheck, StickyNote, Users } from 'lucide-react';
import type { ReactNode } from 'react';
import type { RecordRow, SearchHit } from '../../../shared/ipc.ts';
import { entityOf, isCollection } from '../../../shared/model/index.ts';
import { Avatar } from '../../components/Avatar.tsx';
import { Icon } from '../../components/Icon.tsx';
import { StageGlyph, SyncMark } from '../../components/Marks.tsx';
import { ago, date, money, moneyShort } from '../../format.ts';
import { isMoney } from '../../forms/show.ts';
import { findStage, type Pipeline } from '../../state/directory.ts';
import { objectIcons } from '../shell/objects.ts';
import { titleParts } from './search.ts';

interface HitProps {
  readonly hit: SearchHit;
  readonly text: string;
  readonly names: Readonly<Record<string, string>>;
  readonly pipelines: readonly Pipeline[];
}

const activityIcons = {
  task: SquareCheck,
  call: Phone,
  meeting: Users,
  visit: MapPin,
  email: Mail,
  note: StickyNote,
} as const;

/** A found record: what it is, where the words are, and one figure. */
export function HitRow({ hit, text, names, pipelines }: HitProps) {
  const title = titleParts(hit, text);
  const inTitle = title.length > 1;
  const about = aboutHit(hit.row, names, pipelines);
  return (
    <>
      <span className="pal-icon">
        <HitIcon row={hit.row} pipelines={pipelines} />
      </span>
      <span className="tr">
        <span className="b">
          <Marked parts={title} />
        </span>
        <span className="q pal-about">
          {inTitle || hit.excerpt.length < 2 ? (
            about
          ) : (
            <>
              {about === '' ? '' : `${about}, `}
              <Marked parts={hit.excerpt} />
            </>
          )}
        </span>
      </span>
      <span className="sp" />
      <SyncMark mark={hit.mark} />
      <HitFigure row={hit.row} />
    </>
  );
}

/** Odd parts are what was looked for. */
export function Marked({ parts }: { readonly parts: readonly string[] }): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: the place in the sentence is what a part is
  return parts.map((part, at) => (at % 2 === 1 ? <mark key={at}>{part}</mark> : part));
}

function HitIcon({ row, pipelines }: { readonly row: RecordRow; readonly pipelines: readonly Pipeline[] }) {
  const { collection, body } = row;
  if (collection === 'accounts') return <Avatar name={row.name} id={row.id} square />;
  if (collection === 'contacts' || collection === 'leads') return <Avatar name={row.name} id={row.id} />;
  if (collection === 'deals') {
    const found = findStage(pipelines, String(body.stage), body.pipeline);
    if (found !== undefined) return <StageGlyph {...found} />;
  }
  if (collection === 'activities') {
    const type = String(body.type);
    return <Icon of={isActivity(type) ? activityIcons[type] : Calendar} />;
  }
  return isCollection(collection) ? <Icon of={objectIcons[collection]} /> : null;
}

function isActivity(type: string): type is keyof typeof activityIcons {
  return Object.hasOwn(activityIcons, type);
}

/** "Deal, Proposal", "Account, Medical", "Head of procurement, Halden Works" */
function aboutHit(
  row: RecordRow,
  names: Readonly<Record<string, string>>,
  pipelines: readonly Pipeline[],
): string {
  const { collection, body } = row;
  const word = isCollection(collection) ? entityOf(collection).label : '';
  const words = (...parts: unknown[]) =>
    parts.filter((part) => typeof part === 'string' && part !== '').join(', ');
  switch (collection) {
    case 'deals': {
      const found = findStage(pipelines, String(body.stage), body.pipeline);
      const closed = found !== undefined && found.stage.outcome !== 'open';
      const when = closed && typeof body.closeDate === 'string' ? ` ${date(body.closeDate)}` : '';
      return words(word, found === undefined ? undefined : `${found.stage.name}${when}`);
    }
    case 'accounts':
      return words(word, body.industry);
    case 'contacts':
      return words(body.title, names[String(body.account)]);
    case 'leads':
      return words(word, body.company);
    case 'activities':
      return words(names[String(body.regarding)]);
    default:
      return words(word, body.code);
  }
}

function HitFigure({ row }: { readonly row: RecordRow }) {
  const { collection, body } = row;
  if (collection === 'deals' || collection === 'leads') {
    return isMoney(body.amount) ? <span className="n m">{money(body.amount)}</span> : null;
  }
  if (collection === 'accounts') {
    return isMoney(body.revenue) ? <span className="n q">{moneyShort(body.revenue)} rev.</span> : null;
  }
  if (collection === 'products') {
    return isMoney(body.price) ? <span className="n m">{money(body.price)}</span> : null;
  }
  if (collection === 'activities') {
    const entity = entityOf('activities');
    const type = entity.fields.type?.choices?.[String(body.type)] ?? entity.label;
    return (
      <span className="q f12 pal-end">
        {type}, {ago(row.updatedAt)}
      </span>
    );
  }
  return isCollection(collection) ? (
    <span className="q f12 pal-end">{entityOf(collection).label}</span>
  ) : null;
}
