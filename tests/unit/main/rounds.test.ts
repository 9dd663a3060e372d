import { expect, test } from 'vitest';
import { Rounds } from '../../../electron/sync/rounds.ts';

/** What has come about by now, without waiting for anything else. */
async function settledOf(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  promise.then(() => {
    settled = true;
  });
  await new Promise((done) => setImmediate(done));
  return settled;
}

test('who asks during a round waits for the next one, because this one may have looked already', async () => {
  const rounds = new Rounds();
  let asked: Promise<void> | undefined;
  await rounds.run(async () => {
    asked = rounds.next();
  });
  if (asked === undefined) throw new Error('nobody asked');
  expect(await settledOf(asked)).toBe(false);
  await rounds.run(async () => undefined);
  expect(await settledOf(asked)).toBe(true);
});

test('nobody waits for a round that will never be: neither who has asked before the end nor who asks after it', async () => {
  const rounds = new Rounds();
  const before = rounds.next();
  rounds.end();
  expect(await settledOf(before)).toBe(true);
  expect(await settledOf(rounds.next())).toBe(true);
});
