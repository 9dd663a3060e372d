import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { setReach } from '../../sync-server/company/scopes.ts';
import { DATABASE_FILE } from '../../sync-server/store/store.ts';
import { verifyAudit } from '../../sync-server/store/verify-audit.ts';
import { fresh, type Mirror } from '../factories/mirror.ts';
import { group, mutation, push } from '../factories/mutations.ts';
import { startServer } from '../factories/server.ts';

const fixture = (name: string) => new URL(`../fixtures/servers/${name}`, import.meta.url);
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A server on a database that an earlier version has written. */
async function serverFrom(name: string) {
  const data = mkdtempSync(join(tmpdir(), 'roadbook-old-server-'));
  folders.push(data);
  writeFileSync(join(data, DATABASE_FILE), gunzipSync(readFileSync(fixture(name))));
  const server = await startServer({ data });
  const tenant = (await server.store.accounts.tenantBySlug('northgate'))?.id ?? '';
  const signIn = (who: string) =>
    server.signIn({ email: `${who}@northgate.example`, password: 'correct horse' });
  return { server, tenant, signIn };
}

const deals = (mirror: Mirror) =>
  [...mirror.rows.values()]
    .filter(({ collection }) => collection === 'deals')
    .map(({ body }) => String(body.name))
    .sort();

test('a company that was written with one bucket is seen by territory, with digests that fit, and goes on', async () => {
  const { server, tenant, signIn } = await serverFrom('step-6.sqlite.gz');
  try {
    const [ann, eve, ada] = await Promise.all([signIn('ann'), signIn('eve'), signIn('ada')]);
    const all = [
      'Deal 0 of Ann',
      'Deal 0 of Ben',
      'Deal 0 of Eve',
      'Deal 1 of Ann',
      'Deal 1 of Ben',
      'Deal 1 of Eve',
    ];
    const whole = await fresh(ann, 3);
    expect(deals(whole)).toEqual(all);
    expect(whole.digests).toEqual({ [`tenant:${tenant}`]: whole.digest() });

    await setReach(server.store, tenant, 'rep', 'territory', { kind: 'admin', name: 'test' });
    await whole.pull(ann, 3);
    expect(deals(whole)).toEqual(all.filter((name) => !name.endsWith('Eve')));
    const south = await fresh(eve, 3);
    expect(deals(south)).toEqual(all.filter((name) => name.endsWith('Eve')));
    for (const mirror of [whole, south]) {
      for (const [bucket, digest] of Object.entries(mirror.digests))
        expect(mirror.digest(bucket)).toBe(digest);
    }

    // What was written before is edited now, and every bucket keeps up.
    const deal = [...south.rows.values()].find(({ collection }) => collection === 'deals');
    const edit = mutation(eve, {
      collection: 'deals',
      record: deal?.id ?? '',
      field: 'nextStep',
      value: 'write',
      baseRev: deal?.rev ?? 0,
    });
    expect((await push(eve, group(edit))).verdicts[0]?.status).toBe('accepted');
    await south.pull(eve);
    for (const [bucket, digest] of Object.entries(south.digests)) expect(south.digest(bucket)).toBe(digest);
    const boss = await fresh(ada);
    expect(deals(boss)).toEqual(all);
    expect(boss.digests).toEqual({ [`tenant:${tenant}`]: boss.digest() });
    expect(await verifyAudit(server.store.db, server.store.origin, tenant)).toMatchObject({
      fault: null,
      headMatches: true,
    });
  } finally {
    await server.close();
  }
});
