/** The rooms of the house. Tests and scripts stand outside and may look into every room. */
export const rooms = ['shared', 'electron', 'renderer', 'sync-server'] as const;
export type Room = (typeof rooms)[number];

export interface RoomRule {
  /** Rooms that its files may import from, besides its own. */
  readonly mayImport: readonly Room[];
  readonly whyRooms: string;
  /** Packages that its files may not import; `node:` stands for everything that Node brings. */
  readonly noPackages: readonly string[];
  readonly whyPackages: string;
  /** Names that the surroundings would bring and its files may not use. */
  readonly noGlobals: readonly string[];
  readonly whyGlobals: string;
}

const NETWORK = ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource'];
const NODE = ['process', 'Buffer', 'require', '__dirname', '__filename'];
const DOM = ['window', 'document', 'navigator', 'localStorage', 'sessionStorage', 'indexedDB'];

export const roomRules: Readonly<Record<Room, RoomRule>> = {
  shared: {
    mayImport: [],
    whyRooms:
      'shared/ is the domain that both sides rest on; what it needs from outside comes in as a parameter.',
    noPackages: ['node:', 'electron', 'react', 'react-dom', 'fastify', 'rxdb', 'kysely', 'dexie'],
    whyPackages:
      'shared/ runs in a window, in the main process and on the server alike; only pure packages run in all three.',
    noGlobals: [...NODE, ...DOM, ...NETWORK],
    whyGlobals:
      'shared/ has no Node, no page and no network; take it as a parameter, so that a test can play it.',
  },
  electron: {
    mayImport: ['shared'],
    whyRooms:
      'the main process knows the domain only; it talks to windows over shared/ipc.ts and to the server over the wire contract.',
    noPackages: ['react', 'react-dom', 'fastify', 'kysely', 'dexie'],
    whyPackages: 'the main process shows nothing and serves nobody; that package belongs to another room.',
    noGlobals: [],
    whyGlobals: '',
  },
  renderer: {
    mayImport: ['shared'],
    whyRooms:
      'a window is untrusted; everything it wants goes through shared/ipc.ts, where permission is checked.',
    noPackages: [
      'node:',
      'electron',
      'rxdb',
      'fastify',
      'kysely',
      'better-sqlite3-multiple-ciphers',
      'argon2',
    ],
    whyPackages:
      'a window runs in the sandbox and has neither Node nor the store; ask the main process through shared/ipc.ts.',
    noGlobals: [...NETWORK, 'process', 'Buffer', 'require'],
    whyGlobals:
      'a window has no network and no Node; the main process syncs, and the window asks it through shared/ipc.ts.',
  },
  'sync-server': {
    mayImport: ['shared'],
    whyRooms: 'the server is installed without the desktop app; what both need belongs in shared/.',
    noPackages: ['electron', 'react', 'react-dom', 'rxdb', 'dexie'],
    whyPackages:
      'the server runs on plain Node with its production packages only; that package is not there.',
    noGlobals: [],
    whyGlobals: '',
  },
};

export interface NameRule {
  readonly name: string;
  readonly onlyIn: string;
  readonly why: string;
}

/** Names that exactly one file may speak. */
export const nameRules: readonly NameRule[] = [
  {
    name: 'ipcMain',
    onlyIn: 'electron/ipc/router.ts',
    why: 'one door checks sender, frame and shape of every call; add the method to shared/ipc.ts and handle it there.',
  },
  {
    name: 'ipcRenderer',
    onlyIn: 'electron/preload.ts',
    why: 'the bridge is derived from shared/ipc.ts in one place, so that a page can call nothing else.',
  },
];

export const whyExtension =
  'Node runs these files as they are, so a relative import names the file with its extension.';
export const whyCycle =
  'two modules that need each other are one module or need a third; which runs first would be chance.';
