import {
  type CollectionName,
  type FieldSpec,
  isCollection,
  type Stage,
} from '../../../shared/model/index.ts';
import { Avatar } from '../../components/Avatar.tsx';
import { Tag } from '../../components/Tag.tsx';
import { isFigures, showValue } from '../../forms/show.ts';
import { useDirectory } from '../../state/directory.ts';
import { listCollections, navigate } from '../../state/router.ts';

interface ValueProps {
  readonly spec: FieldSpec;
  readonly value: unknown;
  readonly names: Readonly<Record<string, string>>;
  readonly stages?: readonly Stage[];
  /** Collection of a reference that may point to any object. */
  readonly target?: string | undefined;
}

/** A value as it is read: figures in their face, people with their mark, records as links. */
export function Value({ spec, value, names, stages = [], target }: ValueProps) {
  const words = showValue(spec, value, { names, stages });
  switch (spec.kind) {
    case 'tags':
      return (
        <span className="row g4 values">
          {(Array.isArray(value) ? value : []).map((tag) => (
            <Tag key={String(tag)}>{String(tag)}</Tag>
          ))}
        </span>
      );
    case 'emails':
    case 'phones':
      return (
        <span className="values-col">
          {words.split(', ').map((word) => (
            <span key={word} className={spec.kind === 'phones' ? 'n tr' : 'tr'}>
              {word}
            </span>
          ))}
        </span>
      );
    case 'reference': {
      const collection = spec.target === '*' ? target : spec.target;
      if (collection === 'directory') return <Person id={String(value)} name={words} />;
      return <RecordLink collection={collection} id={String(value)} name={words} />;
    }
    case 'long-text':
      return <span className="value-long">{words}</span>;
    default:
      return <span className={isFigures(spec) ? 'n tr' : 'tr'}>{words}</span>;
  }
}

/** People have a face; teams and territories are words. */
function Person({ id, name }: { readonly id: string; readonly name: string }) {
  const isPerson = useDirectory((state) => state.people.some((person) => person.id === id));
  if (!isPerson) return <span className="tr">{name}</span>;
  return (
    <span className="row g6 tr">
      <Avatar name={name} id={id} />
      <span className="tr">{name}</span>
    </span>
  );
}

interface RecordLinkProps {
  readonly collection: string | undefined;
  readonly id: string;
  readonly name: string;
  readonly className?: string;
}

/** The title of another record, which opens it. */
export function RecordLink({ collection, id, name, className = 'link' }: RecordLinkProps) {
  if (collection === undefined || !opens(collection)) return <span className="tr">{name}</span>;
  return (
    <button
      type="button"
      className={`${className} tr`}
      onClick={(event) => {
        event.stopPropagation();
        navigate({ name: 'record', collection, id });
      }}
    >
      {name}
    </button>
  );
}

export function opens(collection: string): collection is CollectionName {
  return isCollection(collection) && (listCollections as readonly string[]).includes(collection);
}
