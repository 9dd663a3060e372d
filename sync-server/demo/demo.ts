import { generatePassword } from '../auth/passwords.ts';
import { addCompany, putPeople } from '../company/company.ts';
import { writeRecords } from '../store/bulk.ts';
import type { Store } from '../store/store.ts';
import { DEMO, demoDirectory, demoPeople } from './people.ts';
import { demoRecords } from './records.ts';

const SOURCE = { kind: 'set-up', name: 'demo company' } as const;

/**
 * Fills an empty database with a company to try things with. Passwords are made here, printed once and kept only as
 * hashes.
 * @param say prints one line for the person who started the server
 */
export async function prepareDemo(store: Store, say: (line: string) => void): Promise<void> {
  const known = await store.accounts.tenantBySlug(DEMO.slug);
  if (known !== undefined) {
    say(`The demo company ${known.name} is there already; its passwords were printed when it was made.`);
    say('A new one: npm run admin -- users password helena@northgate.example');
    return;
  }
  if ((await store.accounts.tenants()).length > 0) return;
  const tenant = await addCompany(store, DEMO);
  await writeRecords(store, tenant.id, demoDirectory(tenant.id), SOURCE);
  const people = demoPeople(tenant.id).map((person) => ({
    ...person,
    password: generatePassword(store.environment.random),
  }));
  const written = await putPeople(store, tenant.id, people, SOURCE);
  const records = demoRecords(tenant.id, written, store.environment.now(), DEMO.currency);
  await writeRecords(store, tenant.id, records, SOURCE);
  say(
    `The demo company ${DEMO.name} is ready with ${records.length.toLocaleString('en-US')} records. Sign in as:`,
  );
  say('');
  for (const line of table(people.map(({ role, name, email, password }) => [role, name, email, password]))) {
    say(`  ${line}`);
  }
  say('');
  say('These passwords are not kept anywhere else.');
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
