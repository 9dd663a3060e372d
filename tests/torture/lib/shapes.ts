import fc from 'fast-check';
import { fillWithDefaultSettings, type RxDocumentData, type RxJsonSchema } from 'rxdb';

/** Random schemas, documents and queries for RxDB storages: what a column can take over, and much that it must not. */

export type Doc = Record<string, unknown>;
export type Data = RxDocumentData<Doc>;
export type Schema = RxJsonSchema<Data>;

export interface Shape {
  readonly schema: Schema;
  readonly primary: string;
  /** Documents without RxDB's own members. Those that conform hold what the schema says, and nothing is missing. */
  readonly docs: readonly Doc[];
  readonly conforms: boolean;
}

const uuid = (n: number) => `01900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const words = ['', 'a', 'b', 'ab', 'B', 'é', 'E', 'abc', 'a b', 'a.b', 'ba'] as const;
const oddWords = ['ﬀ', '😀', '\ud800', 'z\u0000y', '\u0301', 'A\u030a'] as const;
const numbers = [-1, 0, 1, 1.5, 2, 10] as const;

const text = fc.constantFrom(...words);
const anyText = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 1, arbitrary: fc.constantFrom(...oddWords) },
);
const number = fc.constantFrom(...numbers);
const anyNumber = fc.oneof(number, fc.constantFrom(1e15, -0.5, 3e-7));
const scalar = fc.oneof(anyText, anyNumber, fc.boolean(), fc.constant(null));
const record = (value: fc.Arbitrary<unknown>) =>
  fc.record({ s: value, n: value }, { requiredKeys: [], noNullPrototype: true });
const odd = fc.oneof(
  { weight: 3, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  { weight: 1, arbitrary: record(scalar) },
  { weight: 1, arbitrary: fc.array(record(scalar), { maxLength: 2 }) },
);

/** As the schema says; so, but with texts that sort apart by code unit and by byte; with gaps and nulls; anything. */
type Temper = 'tidy' | 'wide' | 'sparse' | 'odd';

function members(temper: Temper): fc.Arbitrary<Doc> {
  const whole = temper === 'tidy' || temper === 'wide';
  const or = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
    whole
      ? value
      : temper === 'sparse'
        ? fc.oneof({ weight: 5, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) })
        : odd;
  const shape = {
    k: or(temper === 'tidy' ? text : anyText),
    n: or(number),
    b: or(fc.boolean()),
    o: fc.record(
      {
        s: or(temper === 'tidy' ? text : anyText),
        n: or(number),
        d: fc.record({ x: or(number) }, { noNullPrototype: true }),
      },
      { noNullPrototype: true, ...(whole ? {} : { requiredKeys: [] }) },
    ),
    t: fc.array(or(temper === 'tidy' ? text : anyText), { maxLength: 3 }),
    l: fc.array(record(or(fc.oneof(text, number))), { maxLength: 3 }),
    extra: odd,
  };
  const needed = whole ? ['k', 'n', 'b', 'o', 't', 'l'] : [];
  return fc.record(shape, { requiredKeys: needed as never, noNullPrototype: true }) as fc.Arbitrary<Doc>;
}

const indexable = ['k', 'n', 'b', 'o.s', 'o.n', 'o.d.x'] as const;
const indexes = fc.uniqueArray(
  fc.oneof(
    fc.constantFrom(...indexable).map((path) => [path]),
    fc.uniqueArray(fc.constantFrom(...indexable), { minLength: 2, maxLength: 3 }),
  ),
  { maxLength: 4, selector: (index) => index.join() },
);

const plainIds = fc.constantFrom(...'abcdefghij', 'A', 'Z', 'é', 'aa', 'ab', 'a|b');
const wideIds = fc.constantFrom('', '😀', '\ud800', '\udbff', 'ﬀ');
const ids = fc.oneof(
  fc.constant(fc.nat({ max: 40 }).map(uuid)),
  fc.constant(plainIds as fc.Arbitrary<string>),
  fc.constant(fc.oneof(plainIds, fc.nat({ max: 40 }).map(uuid), wideIds) as fc.Arbitrary<string>),
);

const property = {
  s: { type: 'string', maxLength: 20 },
  n: { type: 'number', minimum: -1000, maximum: 1000, multipleOf: 0.5 },
  b: { type: 'boolean' },
} as const;

function schemaOf(list: readonly (readonly string[])[], composite: boolean, attachments: boolean): Schema {
  return fillWithDefaultSettings({
    version: 0,
    primaryKey: composite ? { key: 'id', fields: ['first', 'o.second'], separator: '|' } : 'id',
    type: 'object',
    properties: {
      id: { type: 'string', maxLength: 60 },
      first: property.s,
      k: property.s,
      n: property.n,
      b: property.b,
      o: {
        type: 'object',
        properties: {
          second: property.s,
          s: property.s,
          n: property.n,
          d: { type: 'object', properties: { x: property.n }, required: ['x'] },
        },
        required: ['s', 'n', 'd'],
      },
      t: { type: 'array', items: { type: 'string' } },
      l: { type: 'array', items: { type: 'object' } },
    },
    required: ['id', 'k', 'n', 'b', 'o'],
    indexes: list,
    ...(attachments ? { attachments: {} } : {}),
  } as never) as unknown as Schema;
}

const base = fc.record({ indexes, composite: fc.boolean(), attachments: fc.boolean() });
const tempers = fc.constantFrom<Temper[]>('tidy', 'tidy', 'wide', 'sparse', 'odd');

export const shapes: fc.Arbitrary<Shape> = fc.tuple(base, tempers, ids).chain(([made, temper, id]) => {
  const docs = fc.uniqueArray(fc.tuple(id, members(temper)), {
    selector: ([key]) => key,
    minLength: 1,
    maxLength: 14,
  });
  return docs.map((list) => ({
    schema: schemaOf(made.indexes, made.composite, made.attachments),
    primary: 'id',
    conforms: temper === 'tidy',
    docs: list.map(([key, doc]) => {
      if (!made.composite) return { id: key, ...doc };
      const o = { ...(doc.o as Doc | undefined), second: 'x' };
      return { ...doc, id: `${key}|x`, first: key, o };
    }),
  }));
});

const paths = [
  'id',
  'k',
  'n',
  'b',
  'o.s',
  'o.n',
  'o.d.x',
  't',
  't.0',
  'l.s',
  'l',
  'o',
  'extra',
  'extra.s',
  '_meta.lwt',
];
const path = fc.constantFrom(...paths, '_rev', '_deleted');
const operand = fc.oneof(scalar, fc.nat({ max: 40 }).map(uuid), plainIds);
const listOf = (value: fc.Arbitrary<unknown>) => fc.array(value, { maxLength: 3 });

const plainOperator = fc.oneof(
  fc.record({ op: fc.constantFrom('$eq', '$ne', '$gt', '$gte', '$lt', '$lte'), value: operand }),
  fc.record({ op: fc.constantFrom('$eq', '$ne'), value: odd }),
  fc.record({ op: fc.constantFrom('$in', '$nin'), value: listOf(fc.oneof(operand, fc.constant(null))) }),
  fc.record({ op: fc.constant('$exists'), value: fc.boolean() }),
  fc.record({
    op: fc.constant('$regex'),
    value: fc.constantFrom('a', '^a', 'b$', 'A', 'a\\.b', '.', '^$', 'É|b'),
  }),
  fc.record({
    op: fc.constant('$type'),
    value: fc.constantFrom('string', 'number', 'boolean', 'null', 'array', 'object', 'double', 'int'),
  }),
  fc.record({ op: fc.constant('$mod'), value: fc.constantFrom([2, 0], [3, 1], [1, 0]) }),
  fc.record({ op: fc.constant('$size'), value: fc.nat({ max: 3 }) }),
);

type Asked = { readonly op: string; readonly value: unknown };
const wantedOf = (list: readonly Asked[], flags: string | undefined): Doc => {
  const wanted = Object.fromEntries(list.map(({ op, value }) => [op, value]));
  return flags !== undefined && '$regex' in wanted ? { ...wanted, $options: flags } : wanted;
};
const wanted = fc
  .tuple(
    fc.array(plainOperator, { minLength: 1, maxLength: 2 }),
    fc.constantFrom(undefined, undefined, 'i', 's'),
    fc.boolean(),
  )
  .map(([list, flags, negate]): Doc => {
    const made = wantedOf(list as Asked[], flags);
    return negate ? { $not: made } : made;
  });

const field = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(path, wanted).map(([name, value]): Doc => ({ [name]: value })) },
  { weight: 1, arbitrary: fc.tuple(path, scalar).map(([name, value]): Doc => ({ [name]: value })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('t', 'l', 'extra'), wanted, fc.boolean())
      .map(([name, value, deep]): Doc => ({ [name]: { $elemMatch: deep ? { s: value } : value } })),
  },
);

const selector = fc.letrec<{ node: Doc }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 2 },
    field,
    fc.tuple(field, field).map(([a, b]): Doc => ({ ...a, ...b })),
    fc
      .tuple(
        fc.constantFrom('$and', '$or', '$nor'),
        fc.array(tie('node'), { minLength: 1, maxLength: 3 }),
        fc.option(field, { nil: {} as Doc }),
      )
      .map(([join, parts, more]): Doc => ({ ...more, [join]: parts })),
  ),
})).node;

export interface Asking {
  readonly selector: Doc;
  readonly sort?: readonly (readonly [path: string, direction: 'asc' | 'desc'])[];
  readonly skip?: number;
  readonly limit?: number;
  /** Whether deleted documents are left out, as RxDB's own queries do. */
  readonly live: boolean;
}

export const queries: fc.Arbitrary<Asking> = fc.record(
  {
    selector: fc.oneof({ weight: 9, arbitrary: selector }, { weight: 1, arbitrary: fc.constant({} as Doc) }),
    live: fc.boolean(),
    sort: fc.uniqueArray(
      fc.tuple(fc.constantFrom(...paths), fc.constantFrom('asc' as const, 'desc' as const)),
      {
        selector: ([name]) => name,
        minLength: 1,
        maxLength: 3,
      },
    ),
    skip: fc.nat({ max: 4 }),
    limit: fc.nat({ max: 6 }),
  },
  { requiredKeys: ['selector', 'live'], noNullPrototype: true },
) as fc.Arbitrary<Asking>;
