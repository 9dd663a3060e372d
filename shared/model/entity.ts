import { type TSchema, Type } from 'typebox';
import type { FieldSpec } from './field.ts';
import { field } from './field.ts';

export type Body = Record<string, unknown>;

/** A record as every part of Roadbook sees it: keys that only the server is believed about, and the body. */
export interface Row {
  id: string;
  /** Server revision; 0 until the server has accepted the record. */
  rev: number;
  tenant: string;
  owner: string;
  team: string;
  territory: string;
  /** Title of the record, computed from the body by its entity. */
  name: string;
  createdAt: string;
  createdBy: string;
  updatedAt: string;
  updatedBy: string;
  body: Body;
}

export interface Entity {
  /** Collection name, plural. */
  readonly name: string;
  readonly singular: string;
  readonly label: string;
  readonly labelPlural: string;
  /** Version of this model; rows carry unknown fields of later versions untouched. */
  readonly version: number;
  readonly fields: Readonly<Record<string, FieldSpec>>;
  /** True where people make and change records; false where only the server writes (directory, definitions). */
  readonly editable: boolean;
  readonly title: (body: Body) => string;
}

/** Fields that live in the row itself, beside the body. */
export const scopeFields = {
  owner: field.reference('Owner', 'directory', { merge: 'ask', column: { type: 'key' }, listed: true }),
  team: field.reference('Team', 'directory', { column: { type: 'key' }, readOnly: true }),
  territory: field.reference('Territory', 'directory', { column: { type: 'key' }, readOnly: true }),
} as const satisfies Record<string, FieldSpec>;

export type ScopeField = keyof typeof scopeFields;

export function isScopeField(name: string): name is ScopeField {
  return Object.hasOwn(scopeFields, name);
}

/** The field of that name, in the body or in the row; undefined for fields that this version does not know. */
export function fieldOf(entity: Entity, name: string): FieldSpec | undefined {
  if (isScopeField(name)) return scopeFields[name];
  return Object.hasOwn(entity.fields, name) ? entity.fields[name] : undefined;
}

export function fieldValue(row: Row, name: string): unknown {
  return isScopeField(name) ? row[name] : row.body[name];
}

/** A copy of the row with one field changed; an empty value leaves the field out of the body. */
export function withField(row: Row, name: string, value: unknown): Row {
  if (isScopeField(name)) return { ...row, [name]: typeof value === 'string' ? value : '' };
  const body = { ...row.body };
  if (value === null || value === undefined) delete body[name];
  else body[name] = value;
  return { ...row, body };
}

/** JSON Schema of the body. Unknown members pass: they belong to a later version of the model. */
export function bodySchema(entity: Entity): TSchema {
  const members: Record<string, TSchema> = {};
  for (const [name, spec] of Object.entries(entity.fields)) {
    members[name] = spec.required ? spec.schema : Type.Optional(spec.schema);
  }
  return Type.Object(members, { additionalProperties: true });
}

const joined = (...parts: unknown[]): string =>
  parts.filter((part): part is string => typeof part === 'string' && part !== '').join(' ');

/** Titles: the first text that says something. */
export const title = {
  of: (name: string) => (body: Body) => joined(body[name]),
  joined:
    (...names: string[]) =>
    (body: Body) =>
      joined(...names.map((name) => body[name])),
} as const;
