import { createHash } from 'node:crypto';
import pg from 'pg';
import type { PostgresOptions } from '../../sync-server/store/postgres.ts';

/** What tests are told to run on: set for the tests on PostgreSQL, absent for those on a file. */
const cluster = process.env.ROADBOOK_TEST_POSTGRES;

/** Databases that this process has made. */
const made = new Set<string>();

/**
 * Where a server with this data folder keeps its records: nothing for a file in the folder, or a PostgreSQL database that
 * belongs to the folder alone and is made when it is asked for first.
 */
export async function databaseOf(data: string): Promise<{ postgres?: PostgresOptions }> {
  if (cluster === undefined) return {};
  const name = nameOf(data);
  if (!made.has(name)) {
    await asAdmin(`create database ${name}`).catch((error: { code?: string }) => {
      if (error.code !== '42P04') throw error;
    });
    made.add(name);
  }
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return { postgres: { url: url.href, connections: 6 } };
}

/** With the folder goes its database. */
export async function removeDatabaseOf(data: string): Promise<void> {
  const name = nameOf(data);
  if (!made.delete(name)) return;
  await asAdmin(`drop database if exists ${name} with (force)`);
}

function nameOf(data: string): string {
  return `roadbook_${createHash('sha256').update(data).digest('hex').slice(0, 24)}`;
}

/** Statements about databases are for a connection of their own. */
export async function asAdmin(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: cluster });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
