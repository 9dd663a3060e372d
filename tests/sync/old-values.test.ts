import { expect, test } from 'vitest';
import { date } from '../../renderer/format.ts';
import { company, newDeal } from './support/company.ts';

test('a record that was stored with a day that never was still opens, shows it, and can be edited beside it', async () => {
  const { device } = await company();
  const a = await device('Ada');
  const deal = await newDeal(a);
  const [doc] = await a.store.get('deals', [deal.id]);
  if (doc === undefined) throw new Error('the deal is not in the store');
  // As a Roadbook that looked only at the form of a date has stored it.
  const body = { ...(doc.body as object), name: '   ', closeDate: '2026-02-31' };
  const rev = `${Number.parseInt(doc._rev, 10) + 1}-roadbook`;
  await a.store.commit({
    rows: [{ collection: 'deals', doc: { ...doc, body, name: '   ', _rev: rev }, previous: doc._rev }],
  });
  await a.restart();
  expect(date(String((await a.get('deals', deal.id)).body.closeDate))).toBe('31 Feb 2026');
  await a.update('deals', deal.id, { nextStep: 'Visit' });
  await a.sync();
  expect((await a.get('deals', deal.id)).mark).toBe('in-step');
  expect(await a.all('inbox')).toHaveLength(0);

  const wrong = (values: Record<string, unknown>) =>
    expect(a.update('deals', deal.id, values)).rejects.toMatchObject({ code: 'record.invalid' });
  await wrong({ closeDate: '2026-02-30' });
  await wrong({ name: ' \u00a0 ' });
  const made = await a.workspace.pages.create('accounts', { name: 'Ash', website: '   ' });
  expect(made.body).not.toHaveProperty('website');
  await a.update('deals', deal.id, { closeDate: '2026-02-28', name: 'Racks' });
  await a.sync();
  expect((await a.get('deals', deal.id)).name).toBe('Racks');
});
