import { expect, test } from 'vitest';
import { planPutBack } from '../../renderer/views/record/put-back.ts';
import { company, newDeal } from './support/company.ts';
import type { TestDevice } from './support/device.ts';

/** What "Put back" does with the newest change of a field: the plan of the window, then an ordinary edit. */
async function putBack(device: TestDevice, deal: string, field: string) {
  const { entries } = await device.workspace.audit.ofRecord('deals', deal, 50);
  const entry = entries.find((candidate) => candidate.kind === 'change' && candidate.field === field);
  if (entry === undefined) throw new Error(`nothing changed ${field}`);
  const plan = planPutBack(entry, await device.get('deals', deal), 'rep');
  if (plan.kind !== 'edit') throw new Error(plan.words);
  return device.update('deals', deal, plan.values);
}

test('a value put back offline is an edit of its own: it syncs, the other device sees it, and the history keeps all three', async () => {
  const { device } = await company();
  const a = await device('Ada');
  const b = await device('Ben');
  const deal = await newDeal(a);
  await a.update('deals', deal.id, { nextStep: 'Send the drawing' });
  await a.sync();
  await b.sync();
  await b.update('deals', deal.id, { nextStep: 'Call them' });
  await b.sync();
  await a.sync();
  expect((await a.get('deals', deal.id)).body.nextStep).toBe('Call them');

  // Ben's change is put back by Ada, who has it from the server.
  await a.goOffline();
  const before = (await a.workspace.audit.ofRecord('deals', deal.id, 50)).entries;
  await putBack(a, deal.id, 'nextStep');
  expect((await a.get('deals', deal.id)).body.nextStep).toBe('Send the drawing');
  await a.goOnline();
  await b.sync();

  expect((await b.get('deals', deal.id)).body.nextStep).toBe('Send the drawing');
  for (const side of [a, b]) {
    const { entries } = await side.workspace.audit.ofRecord('deals', deal.id, 50);
    const told = entries.filter(({ field }) => field === 'nextStep').map(({ from, to }) => [from, to]);
    expect(told).toEqual([
      ['Call them', 'Send the drawing'],
      ['Send the drawing', 'Call them'],
      [null, 'Send the drawing'],
    ]);
    expect(await side.workspace.audit.verify()).toMatchObject({ ok: true });
  }
  // What stood in the history before stands there still, entry for entry.
  const after = (await a.workspace.audit.ofRecord('deals', deal.id, 50)).entries;
  expect(after.slice(-before.length).map(({ hash }) => hash)).toEqual(before.map(({ hash }) => hash));
});

test('a value that would break a rule is not put back, and neither is one of a deleted record', async () => {
  const { device } = await company();
  const a = await device('Ada');
  const deal = await newDeal(a);
  await a.update('deals', deal.id, { stage: 'lost', lostReason: 'price' });
  await a.update('deals', deal.id, { stage: 'proposal' });
  await a.update('deals', deal.id, { lostReason: null });
  await expect(putBack(a, deal.id, 'stage')).rejects.toMatchObject({ code: 'stage.lost_reason_required' });
  expect((await a.get('deals', deal.id)).body.stage).toBe('proposal');
  await a.workspace.pages.remove('deals', deal.id);
  await expect(putBack(a, deal.id, 'stage')).rejects.toThrow('Restore it first');
  // Asked for all the same, the main process says so too.
  await expect(a.update('deals', deal.id, { stage: 'lost' })).rejects.toMatchObject({
    code: 'record.deleted',
  });
  await a.workspace.pages.restore('deals', deal.id);
  await putBack(a, deal.id, 'lostReason');
  await putBack(a, deal.id, 'stage');
  expect((await a.get('deals', deal.id)).body).toMatchObject({ stage: 'lost', lostReason: 'price' });
});
