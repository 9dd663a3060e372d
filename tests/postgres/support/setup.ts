import { startCluster } from './cluster.ts';

/** One PostgreSQL for all files of a run; each server in it has a database of its own (factories/database.ts). */
export default async function setup(): Promise<() => Promise<void>> {
  const cluster = await startCluster();
  process.env.ROADBOOK_TEST_POSTGRES = cluster.url;
  return cluster.remove;
}
