import { type Collection, type Column, KEYS, SEEN } from './collection.ts';
import type { SqlValue } from './sqlite.ts';
import { fold, isWide, packKey } from './values.ts';

/**
 * A Mango selector as a condition over columns. `exact` says that the condition alone decides; otherwise it only
 * narrows, and each document that passes has still to be asked by the matcher.
 */
export interface Condition {
  readonly sql: string;
  readonly params: readonly SqlValue[];
  readonly exact: boolean;
}

export type Selector = Readonly<Record<string, unknown>>;

const ALL: Condition = { sql: '1', params: [], exact: true };
const NONE: Condition = { sql: '0', params: [], exact: true };
/** Says nothing: SQLite cannot tell, so every row has to be looked at. */
const UNKNOWN: Condition = { sql: '1', params: [], exact: false };

/** Columns of the envelope that every row has; their values are whole by construction. */
export const ownColumns: Readonly<Record<string, string>> = {
  _deleted: 'deleted',
  _rev: 'rev',
  '_meta.lwt': 'lwt',
};

export function compile(collection: Collection, selector: Selector): Condition {
  return allOf(
    Object.entries(selector).map(([name, wanted]) => {
      if (name === '$and') return allOf(list(wanted).map((part) => compile(collection, part)));
      if (name === '$or') return anyOf(list(wanted).map((part) => compile(collection, part)));
      if (name === '$nor') return not(anyOf(list(wanted).map((part) => compile(collection, part))));
      if (name.startsWith('$')) return UNKNOWN;
      return compileField(collection, name, wanted);
    }),
  );
}

function list(value: unknown): Selector[] {
  return Array.isArray(value) ? value : [];
}

function allOf(parts: readonly Condition[]): Condition {
  const said = parts.filter((part) => part.sql !== '1');
  return {
    sql: said.length === 0 ? '1' : said.map((part) => `(${part.sql})`).join(' AND '),
    params: said.flatMap((part) => part.params),
    exact: parts.every((part) => part.exact),
  };
}

function anyOf(parts: readonly Condition[]): Condition {
  if (parts.some((part) => part.sql === '1')) return parts.every((part) => part.exact) ? ALL : UNKNOWN;
  if (parts.length === 0) return NONE;
  return {
    sql: parts.map((part) => `(${part.sql})`).join(' OR '),
    params: parts.flatMap((part) => part.params),
    exact: parts.every((part) => part.exact),
  };
}

function not(part: Condition): Condition {
  // The opposite of a wider condition is narrower than what is asked: it would lose rows.
  if (!part.exact) return UNKNOWN;
  return { sql: `NOT ifnull((${part.sql}), 0)`, params: part.params, exact: true };
}

/** A field as SQL sees it, and what may be left to SQL there. */
interface Field {
  readonly sql: string;
  /** text, number or boolean; undefined while the column holds no value at all. */
  readonly kind: 'text' | 'number' | 'boolean' | undefined;
  /** Folded columns only narrow. */
  readonly folded: boolean;
  readonly bind: (value: Scalar) => SqlValue;
  /** True when SQLite's order of this bound and of the stored values is the order of the documents' values. */
  readonly ordered: (bound: SqlValue) => boolean;
}

type Scalar = string | number | boolean;

function fieldOf(collection: Collection, path: string): Field | undefined {
  const plain = (value: Scalar) => (typeof value === 'boolean' ? Number(value) : value);
  const always = () => true;
  if (path === collection.primary) {
    const bind = (value: Scalar) => packKey(String(value));
    const ordered = (bound: SqlValue) =>
      collection.keys === (typeof bound === 'string' ? KEYS.text : KEYS.packed);
    return { sql: 'k', kind: 'text', folded: false, bind, ordered };
  }
  const own = ownColumns[path];
  if (own !== undefined) {
    const kind = own === 'deleted' ? 'boolean' : own === 'lwt' ? 'number' : 'text';
    return { sql: own, kind, folded: false, bind: plain, ordered: always };
  }
  const column = collection.byPath.get(path);
  if (!column) return undefined;
  const kind = kindOf(column);
  if (kind === 'mixed') return undefined;
  const folded = column.type === 'text';
  const bind = folded ? (value: Scalar) => fold(String(value)) : plain;
  return { sql: column.sql, kind, folded, bind, ordered: () => !folded };
}

function kindOf(column: Column): Field['kind'] | 'mixed' {
  switch (column.seen & (SEEN.text | SEEN.number | SEEN.boolean | SEEN.other)) {
    case 0:
      return undefined;
    case SEEN.text:
      return 'text';
    case SEEN.number:
      return 'number';
    case SEEN.boolean:
      return 'boolean';
    default:
      return 'mixed';
  }
}

function compileField(collection: Collection, path: string, wanted: unknown): Condition {
  const field = fieldOf(collection, path);
  if (!field) return UNKNOWN;
  const operators = isOperators(wanted) ? wanted : { $eq: wanted };
  return allOf(
    Object.entries(operators).map(([name, value]) =>
      operator(collection, field, { path, name, value, operators }),
    ),
  );
}

function isOperators(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || value instanceof RegExp)
    return false;
  const names = Object.keys(value);
  return names.length > 0 && names.every((name) => name.startsWith('$'));
}

interface Asked {
  readonly path: string;
  readonly name: string;
  readonly value: unknown;
  readonly operators: Readonly<Record<string, unknown>>;
}

function operator(collection: Collection, field: Field, asked: Asked): Condition {
  const { name, value } = asked;
  switch (name) {
    case '$eq':
      return equals(field, value);
    case '$ne':
      return not(equals(field, value));
    case '$in':
      return Array.isArray(value) ? anyOf(value.map((one) => equals(field, one))) : UNKNOWN;
    case '$nin':
      return Array.isArray(value) ? not(anyOf(value.map((one) => equals(field, one)))) : UNKNOWN;
    case '$gt':
      return compare(field, '>', value);
    case '$gte':
      return compare(field, '>=', value);
    case '$lt':
      return compare(field, '<', value);
    case '$lte':
      return compare(field, '<=', value);
    case '$not':
      return isOperators(value) ? not(compileField(collection, asked.path, value)) : UNKNOWN;
    case '$contains':
      return contains(field, value);
    case '$regex':
      return narrowedByLiteral(field, asked);
    case '$options':
      return ALL;
    case '$exists':
      // A missing value and null are the same to a column, not to a selector.
      return value === false ? { sql: `${field.sql} IS NULL`, params: [], exact: false } : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

function isScalar(value: unknown): value is Scalar {
  return (
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  );
}

function fits(field: Field, value: Scalar): boolean {
  if (field.kind === undefined) return true;
  return field.kind === (typeof value === 'string' ? 'text' : typeof value);
}

function equals(field: Field, value: unknown): Condition {
  if (value === null) return { sql: `${field.sql} IS NULL`, params: [], exact: true };
  if (!isScalar(value)) return UNKNOWN;
  if (!fits(field, value)) return NONE;
  // Indexes hold live rows only; SQLite sees that one fits when the condition is a constant.
  if (field.sql === 'deleted') return { sql: `deleted = ${value === true ? 1 : 0}`, params: [], exact: true };
  const exact = (!field.folded || value === '') && !(typeof value === 'string' && isWide(value));
  return { sql: `${field.sql} = ?`, params: [field.bind(value)], exact };
}

function compare(field: Field, sign: '>' | '>=' | '<' | '<=', value: unknown): Condition {
  if (!isScalar(value) || typeof value === 'boolean' || field.kind === 'boolean') return UNKNOWN;
  if (typeof value === 'string' && isWide(value)) return UNKNOWN;
  if (!fits(field, value)) return NONE;
  if (field.sql === 'k' && value === '' && sign.startsWith('>')) return ALL;
  const bound = field.bind(value);
  if (!field.ordered(bound)) return UNKNOWN;
  return { sql: `${field.sql} ${sign} ?`, params: [bound], exact: true };
}

/** `$contains` is ours: part of a text, without regard to case and accents. */
function contains(field: Field, value: unknown): Condition {
  if (typeof value !== 'string') return UNKNOWN;
  if (value === '') return ALL;
  if (!field.folded) return UNKNOWN;
  return { sql: `instr(${field.sql}, ?) > 0`, params: [fold(value)], exact: true };
}

/** A regular expression that is a plain text can only match where that text is. */
function narrowedByLiteral(field: Field, asked: Asked): Condition {
  const { value, operators } = asked;
  const source = value instanceof RegExp ? value.source : value;
  if (typeof source !== 'string' || field.kind === 'number' || field.kind === 'boolean') return UNKNOWN;
  const flags = value instanceof RegExp ? value.flags : String(operators.$options ?? '');
  const literal = literalOf(source);
  if (literal === undefined || literal === '' || isWide(literal) || field.sql === 'k') return UNKNOWN;
  if (field.folded) return { sql: `instr(${field.sql}, ?) > 0`, params: [fold(literal)], exact: false };
  if (flags.includes('i')) return UNKNOWN;
  return { sql: `instr(${field.sql}, ?) > 0`, params: [literal], exact: false };
}

/** The text that a pattern without special signs stands for; undefined for any other pattern. */
function literalOf(pattern: string): string | undefined {
  const source = pattern.replace(/^\^/, '');
  let text = '';
  for (let i = 0; i < source.length; i += 1) {
    const char = source[i] as string;
    if (char === '\\') {
      const escaped = source[i + 1];
      if (escaped === undefined || !SPECIAL.test(escaped)) return undefined;
      text += escaped;
      i += 1;
    } else if (SPECIAL.test(char) && char !== '-' && char !== '/') {
      return undefined;
    } else {
      text += char;
    }
  }
  return text;
}

const SPECIAL = /[\\^$.*+?()[\]{}|/-]/;
