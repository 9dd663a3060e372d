import { WrongCall } from './calls.mjs';

export const BENCH_USAGE =
  'npm run bench -- [SUITE...] [--only=GROUP,...] [--rows=N | --large] [--runs=N] [--seed=N] [--out=FOLDER]';
const NUMBERS = ['rows', 'runs', 'seed'];
const OPTIONS = [...NUMBERS, 'only', 'out'];

/** @throws WrongCall for an option that no suite knows, or without its value */
function checkOption(option) {
  if (option === '--large') return;
  const [, name = '', value = ''] = /^--?([^=]*)=?(.*)$/s.exec(option) ?? [];
  if (!OPTIONS.includes(name) || !option.startsWith('--')) {
    throw new WrongCall(`There is no option "${option.split('=', 1)[0]}". ${BENCH_USAGE}`);
  }
  if (value === '' || /^,*$/.test(value))
    throw new WrongCall(`The option --${name} needs a value: --${name}=…`);
  if (NUMBERS.includes(name) && !(/^\d+$/.test(value) && Number.isSafeInteger(Number(value)) && value > 0)) {
    throw new WrongCall(`The option --${name} takes a whole number from 1.`);
  }
}

/**
 * Which suites a call of the bench runs. Suites that have none of the wanted groups are left out when no suite is named.
 * @param {Readonly<Record<string, readonly string[]>>} groups of each suite, in the order of a full run
 * @param {readonly string[]} args as on the command line
 * @returns {{ suite: string, options: string[] }[]} with what each suite is told
 * @throws WrongCall with what is known, for a suite, a group or an option that is not
 */
export function chosenBenches(groups, args) {
  const options = args.filter((arg) => arg.startsWith('-'));
  const asked = args.filter((arg) => !arg.startsWith('-'));
  for (const option of options) checkOption(option);
  const known = Object.keys(groups);
  const unknown = asked.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new WrongCall(`There is no suite "${unknown[0]}". Known: ${known.join(', ')}.`);

  const wanted = options
    .filter((option) => option.startsWith('--only='))
    .flatMap((option) => option.slice('--only='.length).split(','))
    .filter(Boolean);
  const from = asked.length > 0 ? asked : known;
  for (const group of wanted) {
    if (from.some((suite) => groups[suite].includes(group))) continue;
    const lists = from.map((suite) => `${suite}: ${groups[suite].join(', ')}`).join('; ');
    throw new WrongCall(`There is no group "${group}". Known: ${lists}.`);
  }
  const suites = from.filter(
    (suite) => wanted.length === 0 || wanted.some((group) => groups[suite].includes(group)),
  );
  if (suites.length < asked.length) {
    const idle = asked.find((suite) => !suites.includes(suite));
    throw new WrongCall(`The suite "${idle}" has none of these groups. Known: ${groups[idle].join(', ')}.`);
  }
  const others = options.filter((option) => !option.startsWith('--only='));
  return suites.map((suite) => {
    const own = wanted.filter((group) => groups[suite].includes(group));
    return { suite, options: own.length === 0 ? others : [...others, `--only=${own.join(',')}`] };
  });
}
