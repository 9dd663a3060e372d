import { type TSchema, Type } from 'typebox';

/**
 * How two edits of one field that did not know of each other become one (see docs/SYNC.md):
 * - last-writer: the later clock wins, the other value is kept in the history
 * - set: additions and removals of both are applied
 * - items: a list of {id, …}; merged by id, then by member
 * - ask: the server's value stands, the other is kept, a person decides
 * - computed: recomputed after the merge, never sent
 * - immutable: fixed once it is written
 */
export type MergePolicy = 'last-writer' | 'set' | 'items' | 'ask' | 'computed' | 'immutable';

/** What a field is to a person: decides its input, its format and its column. */
export type FieldKind =
  | 'text'
  | 'long-text'
  | 'integer'
  | 'percent'
  | 'money'
  | 'date'
  | 'instant'
  | 'choice'
  | 'boolean'
  | 'reference'
  | 'emails'
  | 'phones'
  | 'address'
  | 'tags'
  | 'items'
  | 'url'
  | 'data';

/** How the store indexes a field: folded text for sorting, exact key, or number. */
export type ColumnType = 'text' | 'key' | 'number';

export interface FieldSpec {
  readonly label: string;
  readonly kind: FieldKind;
  readonly merge: MergePolicy;
  readonly schema: TSchema;
  readonly required?: boolean;
  /** Values of a choice, in order, with the words a person reads. */
  readonly choices?: Readonly<Record<string, string>>;
  /** Collection that a reference points to. */
  readonly target?: string;
  /** Plain column beside the document; `path` where the sort value is a member (money sorts by `minor`). */
  readonly column?: { readonly type: ColumnType; readonly member?: string };
  /** Word index: the title counts more than other text. `member` picks a member of each item. */
  readonly search?: { readonly weight: 'title' | 'text'; readonly member?: string };
  /** Shown as a column of the list unless the person chose otherwise. */
  readonly listed?: boolean;
  /** Filled by rules or by the server; forms show it, but do not edit it. */
  readonly readOnly?: boolean;
}

type Options = Partial<Omit<FieldSpec, 'label' | 'kind' | 'schema'>>;

const spec = (kind: FieldKind, label: string, schema: TSchema, options: Options = {}): FieldSpec => ({
  label,
  kind,
  merge: 'last-writer',
  schema,
  ...options,
});

export const Money = Type.Object(
  {
    minor: Type.Integer({ minimum: -9_007_199_254_740_991, maximum: 9_007_199_254_740_991 }),
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  },
  { additionalProperties: false, description: 'An amount in integer minor units of an ISO 4217 currency.' },
);
/** An amount in integer minor units (cents) of an ISO 4217 currency. */
export interface Money {
  minor: number;
  currency: string;
}

const NonNegativeMoney = Type.Object(
  {
    minor: Type.Integer({ minimum: 0, maximum: 9_007_199_254_740_991 }),
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  },
  { additionalProperties: false },
);

export const ID_LENGTH = 36;
const Id = Type.String({ minLength: 1, maxLength: ID_LENGTH });
const IsoDate = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' });
const Instant = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$' });
const Email = Type.Object({
  id: Id,
  type: Type.String({ maxLength: 20 }),
  address: Type.String({ maxLength: 254 }),
});
const Phone = Type.Object({
  id: Id,
  type: Type.String({ maxLength: 20 }),
  number: Type.String({ maxLength: 40 }),
});
const Address = Type.Object({
  street: Type.Optional(Type.String({ maxLength: 200 })),
  city: Type.Optional(Type.String({ maxLength: 100 })),
  region: Type.Optional(Type.String({ maxLength: 100 })),
  postcode: Type.Optional(Type.String({ maxLength: 20 })),
  country: Type.Optional(Type.String({ maxLength: 100 })),
  latitude: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })),
  longitude: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
});

export interface EmailItem {
  id: string;
  type: string;
  address: string;
}
export interface PhoneItem {
  id: string;
  type: string;
  number: string;
}
export interface Address {
  street?: string;
  city?: string;
  region?: string;
  postcode?: string;
  country?: string;
  latitude?: number;
  longitude?: number;
}

/** The kinds of field, each with its schema. A value may always be null: that is how a field is emptied. */
export const field = {
  text: (label: string, options: Options & { maxLength?: number; minLength?: number } = {}) => {
    const { maxLength = 255, minLength = 0, ...rest } = options;
    return spec('text', label, Type.String({ minLength, maxLength }), rest);
  },
  longText: (label: string, options: Options = {}) =>
    spec('long-text', label, Type.String({ maxLength: 100_000 }), options),
  integer: (label: string, options: Options & { minimum?: number; maximum?: number } = {}) => {
    const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER, ...rest } = options;
    return spec('integer', label, Type.Integer({ minimum, maximum }), rest);
  },
  percent: (label: string, options: Options = {}) =>
    spec('percent', label, Type.Integer({ minimum: 0, maximum: 100 }), options),
  money: (label: string, options: Options = {}) => spec('money', label, NonNegativeMoney, options),
  date: (label: string, options: Options = {}) => spec('date', label, IsoDate, options),
  instant: (label: string, options: Options = {}) => spec('instant', label, Instant, options),
  boolean: (label: string, options: Options = {}) => spec('boolean', label, Type.Boolean(), options),
  url: (label: string, options: Options = {}) =>
    spec('url', label, Type.String({ maxLength: 2048 }), options),
  choice: (label: string, choices: Readonly<Record<string, string>>, options: Options = {}) =>
    spec('choice', label, Type.String({ enum: Object.keys(choices) }), { choices, ...options }),
  /** A choice whose values are defined by the company (stages, pipelines). */
  openChoice: (label: string, options: Options = {}) =>
    spec('choice', label, Type.String({ minLength: 1, maxLength: 64 }), options),
  reference: (label: string, target: string, options: Options = {}) =>
    spec('reference', label, Id, { target, ...options }),
  emails: (label: string, options: Options = {}) =>
    spec('emails', label, Type.Array(Email, { maxItems: 20 }), {
      merge: 'items',
      search: { weight: 'text', member: 'address' },
      ...options,
    }),
  phones: (label: string, options: Options = {}) =>
    spec('phones', label, Type.Array(Phone, { maxItems: 20 }), {
      merge: 'items',
      search: { weight: 'text', member: 'number' },
      ...options,
    }),
  address: (label: string, options: Options = {}) => spec('address', label, Address, options),
  tags: (label: string, options: Options = {}) =>
    spec('tags', label, Type.Array(Type.String({ minLength: 1, maxLength: 50 }), { maxItems: 50 }), {
      merge: 'set',
      ...options,
    }),
  items: (label: string, item: TSchema, options: Options = {}) =>
    spec('items', label, Type.Array(item, { maxItems: 500 }), { merge: 'items', ...options }),
  data: (label: string, schema: TSchema, options: Options = {}) => spec('data', label, schema, options),
} as const;

export const schemas = { Id, IsoDate, Instant, Money, Email, Phone, Address } as const;
