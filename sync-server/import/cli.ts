import { parseArgs } from 'node:util';
import { toPlainError } from '../../shared/errors.ts';
import { readPlace } from '../config.ts';
import { Store } from '../store/store.ts';
import { type ImportResult, runImport } from './import.ts';

const USAGE = 'npm run import -- DIR [--map FILE] [--tenant SLUG] [--dry-run]';

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      map: { type: 'string' },
      tenant: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const [folder] = positionals;
  if (folder === undefined || positionals.length > 1) {
    console.error(USAGE);
    return 2;
  }
  const store = await Store.open(readPlace(process.env));
  try {
    const started = performance.now();
    const result = await runImport(store, {
      folder,
      dryRun: values['dry-run'],
      ...(values.map === undefined ? {} : { mapping: values.map }),
      ...(values.tenant === undefined ? {} : { tenant: values.tenant }),
    });
    for (const line of summary(result, values['dry-run'])) console.log(line);
    console.log(`Done in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
    return 0;
  } finally {
    await store.close();
  }
}

/** What a person wants to know afterwards: what came in, and every reason to look at something. */
export function summary(result: ImportResult, dryRun: boolean): string[] {
  const { tenant, report } = result;
  const number = (value: number) => value.toLocaleString('en-US').padStart(7);
  const lines = [
    `${dryRun ? 'Dry run: nothing is written. ' : ''}${result.mapping.name}`,
    `Company ${tenant.name} (${tenant.slug})${tenant.isNew ? ', new' : ''}, ${result.people} people`,
    '',
    '                created  changed     same  deleted here',
  ];
  for (const { collection, counts } of result.written) {
    const { created, changed, unchanged, deleted } = counts;
    lines.push(`  ${collection.padEnd(12)} ${[created, changed, unchanged, deleted].map(number).join('  ')}`);
  }
  lines.push('');
  for (const { kind, file, code, reason, count, first } of report.summary()) {
    lines.push(`${number(count)}  ${kind.padEnd(8)}  ${file}, first in line ${first}: ${reason} (${code})`);
  }
  if (result.reportFile !== '') lines.push('', `Every row with its reason: ${result.reportFile}`);
  if (tenant.isNew && !dryRun) {
    lines.push('Nobody has a password yet. Set one: npm run admin -- users password EMAIL');
  }
  return lines;
}

if (import.meta.main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')) {
      console.error(`${(error as Error).message.split('. ', 1)[0]}. ${USAGE}`);
      process.exit(2);
    }
    const plain = toPlainError(error);
    console.error(plain.code === 'internal' ? error : `${plain.message} ${plain.hint}`);
    process.exitCode = 1;
  }
}
