import { randomUUID } from 'node:crypto';
import { routes } from '../../../shared/sync/wire.ts';
import type { Company, Person } from './company.ts';

/** A line of the admin's sync log; of its many members those that the tests read. */
export interface SyncLine {
  readonly user_name: string;
  readonly device: string;
  readonly rows_in: number;
  readonly rows_out: number;
  readonly conflicts: number;
  readonly refusals: number;
  readonly mismatches: number;
  readonly error: string;
}

async function answer<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** The sync log through the API, newest first. */
export async function syncLog(company: Company, admin: Person): Promise<SyncLine[]> {
  const device = { id: randomUUID(), name: 'Console', platform: 'linux', app: 'test' };
  const { accessToken } = await answer<{ accessToken: string }>(
    await fetch(company.url + routes.signIn, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: admin.email, password: admin.password, device }),
    }),
  );
  const headers = { authorization: `Bearer ${accessToken}` };
  const { lines } = await answer<{ lines: SyncLine[] }>(
    await fetch(`${company.url}${routes.syncLog}?limit=500`, { headers }),
  );
  return lines;
}

/** The sync log as the console shows it: signs in with the form and reads the page that follows, as text. */
export async function syncLogPage(company: Company, { email, password }: Person): Promise<string> {
  const signedIn = await fetch(`${company.url}/admin/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: company.url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ email, password }).toString(),
  });
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const page = await fetch(new URL(signedIn.headers.get('location') ?? '/', company.url), {
    headers: { cookie },
  });
  return (await page.text()).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
}
