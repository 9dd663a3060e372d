import type { RxJsonSchema } from 'rxdb';

/**
 * The one RxDB schema of every collection, frozen at version 0: key, revision, scope keys and dates, and a body that
 * RxDB does not look into. Bodies are validated by their models and migrated in SQL, so RxDB never has to migrate
 * (its own way runs at 4,900 documents a second, and a new optional field would throw DB6).
 */
export interface Envelope {
  readonly id: string;
  readonly rev: number;
  readonly tenant: string;
  readonly owner: string;
  readonly team: string;
  readonly territory: string;
  readonly name: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly updatedAt: string;
  readonly updatedBy: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const key = { type: 'string', maxLength: 36 } as const;
const instant = { type: 'string', maxLength: 40 } as const;

export const envelope: RxJsonSchema<Envelope> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: key,
    rev: { type: 'number' },
    tenant: key,
    owner: key,
    team: key,
    territory: key,
    name: { type: 'string' },
    createdAt: instant,
    createdBy: key,
    updatedAt: instant,
    updatedBy: key,
    body: { type: 'object', additionalProperties: true },
  },
  required: [
    'id',
    'rev',
    'tenant',
    'owner',
    'team',
    'territory',
    'name',
    'createdAt',
    'createdBy',
    'updatedAt',
    'updatedBy',
    'body',
  ],
  indexes: ['owner', 'team', 'territory', 'createdAt', 'updatedAt'],
};
