/** What the surroundings may decide at start. Nothing here can weaken the shell. */
export interface Flags {
  /** Folder of the profile; undefined for the one that the system gives. */
  readonly profile: string | undefined;
  /** Address that the sign-in form starts with. */
  readonly server: string;
  /** PNG file that receives a picture of the first window. */
  readonly screenshot: string | undefined;
  /** Native SQLite module that fits this runtime; undefined for the packaged default. */
  readonly sqliteBinding: string | undefined;
}

/** Node-API version that the ordinary SQLite module is built for. */
const NAPI_OF_DEFAULT = 10;

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly napi: string | undefined;
  readonly resourcesPath: string;
  /** An installed app loads only the native code that it was packed with. */
  readonly packaged: boolean;
  readonly join: (...parts: string[]) => string;
}

/** Reads the flags. Empty variables count as absent. */
export function readFlags({ env, napi, resourcesPath, packaged, join }: Surroundings): Flags {
  const given = (name: string): string | undefined => env[name] || undefined;
  // An older runtime crashes on the ordinary module; packages for it carry a build of their own.
  const older = Number(napi ?? 0) < NAPI_OF_DEFAULT;
  const shipped = older ? join(resourcesPath, 'native', 'better_sqlite3.node') : undefined;
  return {
    profile: given('ROADBOOK_PROFILE'),
    server: given('ROADBOOK_SERVER') ?? '',
    screenshot: given('ROADBOOK_SCREENSHOT'),
    sqliteBinding: (packaged ? undefined : given('ROADBOOK_SQLITE_BINDING')) ?? shipped,
  };
}
