// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { navigate } from '../../../renderer/state/router.ts';
import { RoadbookError } from '../../../shared/errors.ts';
import { testWindow } from './screen.ts';

const { bridge, open } = testWindow();
const column = (name: string) => screen.findByRole('listbox', { name: new RegExp(`^${name}, `) });
const cards = async (name: string) => {
  const box = await column(name);
  await waitFor(() => expect(box.querySelector('[data-id]')).not.toBeNull());
  return within(box).getAllByRole('option');
};
const idsIn = async (name: string) => (await cards(name)).map((card) => card.dataset.id);
const key = async (name: string, pressed: string) => {
  const box = await column(name);
  await act(async () => {
    fireEvent.keyDown(box, { key: pressed });
  });
};

async function openBoard(): Promise<void> {
  await open();
  await act(async () => navigate({ name: 'board' }));
  await cards('Negotiation');
}

/** Picks the first card of Qualification up and carries it so many columns to the right. */
async function carry(columns: number): Promise<string> {
  await key('Qualification', 'Home');
  const [first] = await cards('Qualification');
  await key('Qualification', ' ');
  for (let step = 0; step < columns; step += 1) await key('Qualification', 'ArrowRight');
  return first?.dataset.id ?? '';
}

describe('the board', () => {
  it('shows one column per stage of the pipeline, with its count', async () => {
    await openBoard();
    const total = bridge()
      .data.rows.get('deals')
      ?.filter((deal) => deal.body.stage === 'lost').length;
    await column('Prospecting');
    expect((await column('Lost')).getAttribute('aria-label')).toBe(`Lost, ${total} deals`);
  });

  it('moves a card at once, before the main process has answered', async () => {
    await openBoard();
    let answer: () => void = () => undefined;
    bridge().overrides['record.update'] = ({ id, values }) =>
      new Promise((resolve) => {
        answer = () => resolve(bridge().change('deals', id, values));
      });
    const id = await carry(2);
    await key('Qualification', ' ');
    expect(await idsIn('Negotiation')).toContain(id);
    expect(await idsIn('Qualification')).not.toContain(id);
    await act(async () => answer());
    await waitFor(() =>
      expect(
        bridge()
          .data.rows.get('deals')
          ?.find((deal) => deal.id === id)?.body.stage,
      ).toBe('negotiation'),
    );
    expect(await idsIn('Negotiation')).toContain(id);
    expect((await idsIn('Negotiation')).filter((other) => other === id)).toHaveLength(1);
  });

  it('puts a card back and says why when it is refused', async () => {
    await openBoard();
    bridge().overrides['record.update'] = () => {
      throw new RoadbookError('store.disk_full');
    };
    const id = await carry(1);
    await key('Qualification', ' ');
    expect((await screen.findByRole('alert')).textContent).toContain('no room left');
    expect(await idsIn('Qualification')).toContain(id);
    expect(await idsIn('Proposal')).not.toContain(id);
  });

  it('puts a card back with Escape and asks the main process for nothing', async () => {
    await openBoard();
    const id = await carry(2);
    await key('Qualification', 'Escape');
    expect(await idsIn('Qualification')).toContain(id);
    expect(bridge().calls.some((call) => call.name === 'record.update')).toBe(false);
  });

  it('asks for the lost reason on the way in instead of being refused', async () => {
    await openBoard();
    const id = await carry(4);
    await key('Qualification', ' ');
    const reason = await screen.findByRole('combobox', { name: /Lost reason/ });
    expect(bridge().calls.some((call) => call.name === 'record.update')).toBe(false);
    fireEvent.change(reason, { target: { value: 'Price' } });
    fireEvent.submit(reason.closest('form') as HTMLFormElement);
    await waitFor(() =>
      expect(
        bridge()
          .data.rows.get('deals')
          ?.find((deal) => deal.id === id)?.body,
      ).toMatchObject({
        stage: 'lost',
        lostReason: 'Price',
        probability: 0,
      }),
    );
  });
});
