import type { CollectionName } from '../model/index.ts';

export type Role = 'admin' | 'manager' | 'rep' | 'read-only';
export type Action = 'read' | 'create' | 'update' | 'delete';
export const roles: readonly Role[] = ['admin', 'manager', 'rep', 'read-only'];

/**
 * How far a line goes. `company`: every row of the object. `granted`: the rows inside the reach that the company gives
 * to the role (rules/reach.ts): the whole company unless an admin has narrowed it.
 */
export type Scope = 'company' | 'granted';

interface Line {
  readonly roles: readonly Role[];
  readonly objects: readonly CollectionName[];
  readonly actions: readonly Action[];
  readonly scope: Scope;
  readonly because: string;
}

/** Fields that are kept from roles which may read the object. */
interface HiddenFields {
  readonly roles: readonly Role[];
  readonly object: CollectionName;
  readonly fields: readonly string[];
  readonly because: string;
}

/** Who may do what to which object. What no line allows is denied, on the device and on the server alike. */
export const policy: readonly Line[] = [
  {
    roles: ['admin', 'manager', 'rep', 'read-only'],
    objects: ['products', 'directory', 'definitions'],
    actions: ['read'],
    scope: 'company',
    because: 'Prices, colleagues and pipelines are the same for everybody.',
  },
  {
    roles: ['admin', 'manager', 'rep', 'read-only'],
    objects: ['accounts', 'contacts', 'leads', 'deals', 'activities', 'inbox'],
    actions: ['read'],
    scope: 'granted',
    because: 'A person sees the customers that the company gives them to see, and always their own.',
  },
  {
    roles: ['admin', 'manager', 'rep'],
    objects: ['accounts', 'contacts', 'leads', 'deals', 'activities'],
    actions: ['create', 'update', 'delete'],
    scope: 'granted',
    because: 'Selling is writing things down; a deletion can be undone.',
  },
  {
    roles: ['admin', 'manager'],
    objects: ['products'],
    actions: ['create', 'update', 'delete'],
    scope: 'company',
    because: 'Prices are set by those who answer for them.',
  },
  {
    roles: ['admin', 'manager', 'rep'],
    objects: ['inbox'],
    actions: ['update'],
    scope: 'granted',
    because: 'Whoever changed a record may settle what became of the change.',
  },
];

/** What no line hides is visible to whoever may read the object. */
export const hiddenFields: readonly HiddenFields[] = [
  {
    roles: ['rep', 'read-only'],
    object: 'products',
    fields: ['cost'],
    because: 'What the company pays for a product must not lie on a table at a customer.',
  },
];

const scopes = new Map(
  policy.flatMap((line) =>
    line.roles.flatMap((role) =>
      line.objects.flatMap((object) =>
        line.actions.map((action) => [key(role, object, action), line.scope] as const),
      ),
    ),
  ),
);

export function may(role: string, action: Action, object: CollectionName): boolean {
  return scopes.has(key(role, object, action));
}

/** How far a permission goes; undefined where there is none. */
export function scopeOf(role: string, action: Action, object: CollectionName): Scope | undefined {
  return scopes.get(key(role, object, action));
}

/** Fields of an object that this role neither reads nor writes. */
export function hiddenFrom(role: string, object: CollectionName): readonly string[] {
  return hiddenFields
    .filter((line) => line.object === object && line.roles.some((one) => one === role))
    .flatMap(({ fields }) => fields);
}

/**
 * Names the set of fields that a role holds: '' where nothing is hidden, else the hidden fields. Roles with the same
 * name get the same values and the same digests.
 */
export function projectionOf(role: string): string {
  const hidden = hiddenFields.filter((line) => line.roles.some((one) => one === role));
  return hidden
    .flatMap(({ object, fields }) => fields.map((field) => `${object}.${field}`))
    .sort()
    .join(',');
}

/** Every projection that some role has; the whole one first. */
export const projections: readonly string[] = [...new Set(['', ...roles.map(projectionOf)])];

/** Fields of an object that a projection leaves out. */
export function leftOut(projection: string, object: CollectionName): readonly string[] {
  if (projection === '') return [];
  return projection.split(',').flatMap((path) => {
    const [of, field] = path.split('.');
    return of === object && field !== undefined ? [field] : [];
  });
}

function key(role: string, object: string, action: string): string {
  return `${role} ${object} ${action}`;
}
