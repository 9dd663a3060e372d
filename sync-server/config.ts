import { resolve } from 'node:path';
import { backupFolder } from './ops/backup.ts';
import type { Retention } from './ops/retention.ts';
import type { BackupSettings } from './ops/scheduled-backups.ts';
import type { PostgresOptions } from './store/postgres.ts';

export interface Config {
  /** Folder of everything the server keeps. */
  readonly data: string;
  /** The PostgreSQL that holds the records; absent for a file in the data folder. */
  readonly postgres?: PostgresOptions;
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  /** Fill an empty database with a company to try things with. */
  readonly demo: boolean;
  readonly logLevel: string;
  readonly trustProxy: boolean;
  /** Milliseconds that requests under way have to finish after SIGTERM. */
  readonly grace: number;
  readonly retention: Retention;
  readonly backups: BackupSettings;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Settings come from the environment, so that a container and a shell set them the same way. */
export function readConfig(env: Env): Config {
  const { data, postgres } = readPlace(env);
  return {
    data,
    ...(postgres === undefined ? {} : { postgres }),
    host: env.ROADBOOK_HOST || '127.0.0.1',
    port: portOf(env.ROADBOOK_PORT ?? '4480'),
    demo: env.ROADBOOK_DEMO === '1',
    logLevel: env.ROADBOOK_LOG || 'info',
    trustProxy: env.ROADBOOK_TRUST_PROXY === '1',
    grace: numberOf(env, 'ROADBOOK_GRACE_SECONDS', 10) * 1000,
    retention: {
      offlineDays: numberOf(env, 'ROADBOOK_OFFLINE_DAYS', 400, 1),
      logDays: numberOf(env, 'ROADBOOK_SYNC_LOG_DAYS', 400, 1),
    },
    backups: {
      data,
      folder: resolve(env.ROADBOOK_BACKUP_FOLDER || backupFolder(data)),
      // PostgreSQL has backups of its own.
      hours: postgres === undefined ? numberOf(env, 'ROADBOOK_BACKUP_HOURS', 24) : 0,
      keep: numberOf(env, 'ROADBOOK_BACKUP_KEEP', 14, 1),
    },
  };
}

/** Where the server keeps what it keeps: what every command needs to know. */
export function readPlace(env: Env): Pick<Config, 'data' | 'postgres'> {
  const data = resolve(env.ROADBOOK_DATA || 'out/dev/server');
  const url = env.ROADBOOK_DATABASE_URL;
  if (!url) return { data };
  // The address holds a password: it is never repeated.
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
    throw new Error('ROADBOOK_DATABASE_URL is no address like postgres://user:password@host:5432/database');
  }
  return { data, postgres: { url, connections: numberOf(env, 'ROADBOOK_DATABASE_CONNECTIONS', 10, 2) } };
}

function numberOf(env: Env, name: string, usual: number, least = 0): number {
  const text = env[name];
  const value = text === undefined || text === '' ? usual : Number(text);
  if (!Number.isFinite(value) || value < least) {
    throw new Error(`${name} is not a number from ${least}: ${text}`);
  }
  return value;
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`ROADBOOK_PORT is not a port: ${text}`);
  }
  return port;
}
