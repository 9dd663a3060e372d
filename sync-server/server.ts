import { toPlainError } from '../shared/errors.ts';
import { buildApp } from './app.ts';
import { main as runCommandLine } from './cli.ts';
import { type Config, readConfig } from './config.ts';
import { prepareDemo } from './demo/demo.ts';
import { Housekeeping } from './ops/housekeeping.ts';
import { lockAsServer } from './store/lock.ts';
import { Store } from './store/store.ts';

/** Milliseconds after an orderly end in which the process must be gone, whatever still holds it. */
const LAST = 1_000;

/** Starts the server and ends it in order on SIGTERM and SIGINT: open requests finish, then the database closes. */
async function serve(config: Config): Promise<void> {
  const { data, postgres } = config;
  // Any number of servers may share a PostgreSQL; a file has one.
  const lock = postgres === undefined ? lockAsServer(data) : null;
  const store = await Store.open({ data, ...(postgres === undefined ? {} : { postgres }) });
  if (config.demo) await prepareDemo(store, (line) => console.log(line));
  const app = await buildApp({
    store,
    trustProxy: config.trustProxy,
    grace: config.grace,
    backups: () => housekeeping.health(),
    // Structured lines go to stderr: stdout is for the person who started the server.
    logger: {
      level: config.logLevel,
      stream: process.stderr,
      redact: ['req.headers.authorization', 'req.headers.cookie'],
    },
  });
  if (store.built !== null) app.log.info(store.built, 'digests built for fields that are hidden anew');
  const housekeeping = new Housekeeping(store, config, app.log);

  const close = async () => {
    try {
      await Promise.all([app.close(), housekeeping.stop()]);
      await store.close();
      lock?.release();
    } catch (error) {
      app.log.error({ err: error }, 'the server did not close in order');
      process.exitCode = 1;
    }
    setTimeout(() => process.exit(), LAST).unref();
  };
  process.once('SIGTERM', close);
  process.once('SIGINT', close);

  const address = await app.listen({ host: config.host, port: config.port });
  housekeeping.start();
  console.log(`Roadbook sync server listening on ${address}`);
}

// `npm run server -- users add …` comes here too: one door for starting the server and for looking after it.
const args = process.argv.slice(2);
if (args.length > 0) process.exitCode = await runCommandLine(args);
else {
  try {
    await serve(readConfig(process.env));
  } catch (error) {
    const plain = toPlainError(error);
    console.error(plain.code === 'internal' ? error : `${plain.message} ${plain.hint}`);
    // Whatever was opened on the way must not keep a server alive that does not serve.
    process.exit(1);
  }
}
