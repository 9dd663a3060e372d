// @vitest-environment happy-dom
import 'fake-indexeddb/auto';
import { act, configure, fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { navigate } from '../../../renderer/state/router.ts';
import { keychainLine, keychainLostWords } from '../../../renderer/views/settings/keychain-words.ts';
import { RoadbookError } from '../../../shared/errors.ts';
import { testWindow } from '../renderer/screen.ts';

configure({ defaultHidden: true });
const { bridge, open } = testWindow();

const safety = () => within(screen.getByRole('region', { name: 'Safety' }));
const dialog = () => within(screen.getByRole('dialog'));
const press = async (element: Element) => act(async () => fireEvent.click(element));
const type = async (label: string, value: string) =>
  act(async () => fireEvent.change(dialog().getByLabelText(label), { target: { value } }));
const submit = async () => {
  const form = screen.getByRole('dialog').querySelector('form');
  await act(async () => fireEvent.submit(form as HTMLFormElement));
};
const asked = (name: string) =>
  bridge()
    .calls.filter((call) => call.name === name)
    .map(({ input }) => input);

async function settings(): Promise<void> {
  navigate({ name: 'settings' });
  await open();
  await screen.findByRole('region', { name: 'Safety' });
}

describe('the passphrase in the settings', () => {
  it('is changed with the old one once and the new one twice', async () => {
    await settings();
    await press(safety().getByRole('button', { name: 'Change' }));
    await submit();
    expect(dialog().getByText('Type your passphrase.')).toBeTruthy();
    await type('Present passphrase', 'the old long one');
    await type('New passphrase', 'the new long one');
    await type('The same again', 'the new long two');
    await submit();
    expect(dialog().getByText('The two are not the same.')).toBeTruthy();
    expect(asked('keys.changePassphrase')).toEqual([]);
    await type('The same again', 'the new long one');
    await submit();
    expect(asked('keys.changePassphrase')).toEqual([
      { passphrase: 'the old long one', newPassphrase: 'the new long one' },
    ]);
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(safety().getByText('The passphrase is changed.')).toBeTruthy();
  });

  it('that was wrong is told at its field, and what was typed stays', async () => {
    await settings();
    bridge().overrides['keys.changePassphrase'] = () => {
      throw new RoadbookError('store.wrong_passphrase');
    };
    await press(safety().getByRole('button', { name: 'Change' }));
    await type('Present passphrase', 'not the right one');
    await type('New passphrase', 'the new long one');
    await type('The same again', 'the new long one');
    await submit();
    const input = dialog().getByLabelText('Present passphrase') as HTMLInputElement;
    expect(input.getAttribute('aria-invalid')).toBe('true');
    expect(input.value).toBe('not the right one');
    expect(dialog().getByText(/That passphrase does not open this device/)).toBeTruthy();
  });
});

describe('a new recovery code', () => {
  it('is shown once and counts only when one of its groups was typed', async () => {
    await settings();
    await press(safety().getByRole('button', { name: 'Make a new one' }));
    await type('Passphrase', 'a long passphrase');
    await submit();
    const groups = dialog()
      .getAllByRole('listitem')
      .map((item) => item.textContent?.slice(1));
    expect(groups).toHaveLength(8);
    const question = dialog().getByLabelText(/^Type group/);
    await act(async () => fireEvent.change(question, { target: { value: 'XXXX' } }));
    await submit();
    expect(dialog().getByText(/^This is not group/)).toBeTruthy();
    expect(asked('keys.confirmRecoveryCode')).toEqual([]);
    const number = Number(/\d/.exec(dialog().getByText(/^Type group/).textContent ?? '')?.[0]);
    await act(async () => fireEvent.change(question, { target: { value: groups[number - 1] } }));
    await submit();
    expect(asked('keys.confirmRecoveryCode')).toHaveLength(1);
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(document.body.textContent).not.toContain(groups[0]);
  });

  it('that is left alone leaves the old one as it is', async () => {
    await settings();
    await press(safety().getByRole('button', { name: 'Make a new one' }));
    await type('Passphrase', 'a long passphrase');
    await submit();
    await press(dialog().getByRole('button', { name: 'Keep the old one' }));
    expect(asked('keys.confirmRecoveryCode')).toEqual([]);
  });
});

describe('the keychain in the settings', () => {
  it('is switched off without a passphrase and on with it', async () => {
    await settings();
    await press(await safety().findByRole('button', { name: 'Do not use it' }));
    expect(asked('keys.takeFromKeychain')).toHaveLength(1);
    await press(safety().getByRole('button', { name: 'Use it' }));
    await type('Passphrase', 'a long passphrase');
    await submit();
    expect(asked('keys.giveToKeychain')).toEqual([{ passphrase: 'a long passphrase' }]);
    expect(safety().getByRole('button', { name: 'Do not use it' })).toBeTruthy();
  });

  it('that is not there offers nothing, and one that has changed says which it was', () => {
    expect(keychainLine({ state: 'none', was: '', now: '' })).toMatchObject({ give: null, take: false });
    const changed = keychainLine({ state: 'changed', was: 'gnome_libsecret', now: 'kwallet6' });
    expect(changed).toMatchObject({ give: 'Give it the key', take: true });
    expect(changed.note).toContain('GNOME Keyring');
    expect(keychainLostWords({ was: 'gnome_libsecret', now: '' }).title).toBe('GNOME Keyring is not here');
    expect(keychainLostWords({ was: '', now: '' }).title).toBe('The keychain is not here');
    expect(keychainLostWords({ was: 'kwallet6', now: 'kwallet6' }).title).toContain('any more');
  });
});

describe('the locked screen', () => {
  it('says that the keychain has changed, and gives the key to the one that is here when that is chosen', async () => {
    bridge().setApp({
      phase: 'locked',
      user: null,
      keychain: false,
      keychainLost: { was: 'gnome_libsecret', now: 'kwallet6' },
    });
    await open();
    expect(await screen.findByText('The keychain of this computer has changed')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Use the keychain' })).toBeNull();
    await act(async () =>
      fireEvent.change(screen.getByLabelText('Passphrase'), { target: { value: 'a long passphrase' } }),
    );
    await press(screen.getByRole('checkbox', { name: 'Open with this keychain from now on' }));
    await act(async () => fireEvent.click(screen.getByRole('button', { name: /^Unlock/ })));
    expect(asked('app.unlock')).toEqual([{ passphrase: 'a long passphrase', giveToKeychain: true }]);
  });

  it('offers nothing where no keychain is here', async () => {
    bridge().setApp({
      phase: 'locked',
      user: null,
      keychain: false,
      keychainLost: { was: 'gnome_libsecret', now: '' },
    });
    await open();
    expect(await screen.findByText('GNOME Keyring is not here')).toBeTruthy();
    expect(screen.queryByRole('checkbox')).toBeNull();
  });
});
