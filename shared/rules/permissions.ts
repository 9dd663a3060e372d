import type { CollectionName } from '../model/index.ts';

export type Role = 'admin' | 'manager' | 'rep' | 'read-only';
export type Action = 'read' | 'create' | 'update' | 'delete';
export const roles: readonly Role[] = ['admin', 'manager', 'rep', 'read-only'];

interface Line {
  readonly roles: readonly Role[];
  readonly objects: readonly CollectionName[];
  readonly actions: readonly Action[];
  readonly because: string;
}

/** Who may do what to which object. What no line allows is denied, on the device and on the server alike. */
export const policy: readonly Line[] = [
  {
    roles: ['admin', 'manager', 'rep', 'read-only'],
    objects: [
      'accounts',
      'contacts',
      'leads',
      'deals',
      'activities',
      'products',
      'directory',
      'definitions',
      'inbox',
    ],
    actions: ['read'],
    because: 'Everybody works from the same records of the company.',
  },
  {
    roles: ['admin', 'manager', 'rep'],
    objects: ['accounts', 'contacts', 'leads', 'deals', 'activities'],
    actions: ['create', 'update', 'delete'],
    because: 'Selling is writing things down; a deletion can be undone.',
  },
  {
    roles: ['admin', 'manager'],
    objects: ['products'],
    actions: ['create', 'update', 'delete'],
    because: 'Prices are set by those who answer for them.',
  },
  {
    roles: ['admin', 'manager', 'rep'],
    objects: ['inbox'],
    actions: ['update'],
    because: 'Whoever changed a record may settle what became of the change.',
  },
];

const allowed = new Set(
  policy.flatMap((line) =>
    line.roles.flatMap((role) =>
      line.objects.flatMap((object) => line.actions.map((action) => key(role, object, action))),
    ),
  ),
);

export function may(role: string, action: Action, object: CollectionName): boolean {
  return allowed.has(key(role, object, action));
}

function key(role: string, object: string, action: string): string {
  return `${role} ${object} ${action}`;
}
