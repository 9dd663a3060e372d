import { parseArgs } from 'node:util';

/** A wrong call of a command, told in one line; the command ends with code 2. */
export class WrongCall extends Error {}

export const IMPORT_USAGE = 'npm run import -- DIR [--map FILE] [--tenant SLUG] [--dry-run]';

/**
 * Looks at a call of the import before anything is set up for it.
 * @param {readonly string[]} args as on the command line
 * @returns {string | null} the usage when that is all that is asked for
 * @throws WrongCall
 */
export function checkImportCall(args) {
  const { values, positionals } = parsed(args, {
    map: { type: 'string' },
    tenant: { type: 'string' },
    'dry-run': { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  });
  if (values.help) return IMPORT_USAGE;
  for (const name of ['map', 'tenant']) {
    if (values[name] === '') throw new WrongCall(`The option --${name} needs a value.`);
  }
  if (positionals.length !== 1) throw new WrongCall(`Name one folder: ${IMPORT_USAGE}`);
  return null;
}

function parsed(args, options) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    // What comes after the first sentence is advice that does not fit every command.
    const [said] = error.message.split('. ');
    throw new WrongCall(`${said.replace(/\.$/, '')}.`);
  }
}
