import { openStore } from '../../../electron/store/open.ts';
import { options } from './options.ts';

/** Opens the store named on the command line and says what came of it. */
const [file = ''] = process.argv.slice(2);
try {
  const store = await openStore(options(file));
  const { papers } = await store.counts();
  await store.close();
  console.log(`opened ${papers}`);
} catch (error) {
  console.log((error as { code?: string }).code ?? String(error));
}
