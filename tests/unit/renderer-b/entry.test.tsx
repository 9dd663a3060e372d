// @vitest-environment happy-dom
import { act, configure, fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { RoadbookError } from '../../../shared/errors.ts';
import type { AppState } from '../../../shared/ipc.ts';
import { testWindow } from '../renderer/screen.ts';

configure({ defaultHidden: true });
const { bridge, open } = testWindow();

async function openAt(phase: AppState['phase'], more: Partial<AppState> = {}): Promise<void> {
  bridge().app = { ...bridge().app, phase, user: null, ...more };
  await open();
}
const label = (name: string) => screen.getByLabelText(name, { selector: 'input' }) as HTMLInputElement;
const fill = async (name: string, value: string) => {
  await act(async () => fireEvent.change(label(name), { target: { value } }));
};
const submit = async () => {
  const form = document.querySelector('form');
  if (form === null) throw new Error('there is no form');
  await act(async () => fireEvent.submit(form));
};
const heading = () => screen.getByRole('heading', { level: 1 }).textContent;
const callsOf = (name: string) => bridge().calls.filter((call) => call.name === name);

describe('signing in', () => {
  it('starts with the suggested server and asks only for what is missing', async () => {
    await openAt('sign-in', { suggestedServer: 'https://sync.example.com' });
    expect(label('Server').value).toBe('https://sync.example.com');
    await submit();
    expect(screen.getByText('Your e-mail address is needed.')).toBeTruthy();
    expect(callsOf('app.signIn')).toEqual([]);
  });

  it('shows each failure where it belongs, with its hint, and keeps what was typed', async () => {
    await openAt('sign-in');
    await fill('E-mail', 'nora@harbour.example');
    await fill('Password', 'wrong');
    bridge().overrides['app.signIn'] = () => {
      throw new RoadbookError('auth.bad_credentials');
    };
    await submit();
    expect(label('Password').getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText(/E-mail or password is not right\. Check both/)).toBeTruthy();
    expect([label('E-mail').value, label('Password').value]).toEqual(['nora@harbour.example', '']);

    bridge().overrides['app.signIn'] = () => {
      throw new RoadbookError('sync.offline');
    };
    await fill('Password', 'right');
    await submit();
    expect(label('Server').getAttribute('aria-invalid')).toBe('true');
    expect(label('Password').value).toBe('right');
  });
});

describe('a new passphrase', () => {
  it('is long enough and twice the same before a key is made', async () => {
    await openAt('passphrase');
    await fill('Passphrase', 'too short');
    await submit();
    expect(screen.getByText('3 more characters needed.')).toBeTruthy();
    await fill('Passphrase', 'a short sentence');
    await fill('The same again', 'a short sentense');
    await submit();
    expect(screen.getByText('The two are not the same.')).toBeTruthy();
    expect(callsOf('app.createPassphrase')).toEqual([]);
    await fill('The same again', 'a short sentence');
    await submit();
    expect(callsOf('app.createPassphrase')).toHaveLength(1);
  });

  it('can be looked at while it is typed', async () => {
    await openAt('passphrase');
    expect(label('Passphrase').type).toBe('password');
    await act(async () =>
      fireEvent.click(screen.getAllByRole('button', { name: 'Show the passphrase' })[0] as Element),
    );
    expect(label('Passphrase').type).toBe('text');
  });
});

describe('the recovery code', () => {
  it('cannot be passed without one of its groups', async () => {
    await openAt('passphrase');
    await fill('Passphrase', 'a short sentence');
    await fill('The same again', 'a short sentence');
    await submit();
    const groups = screen.getAllByRole('listitem').map((item) => item.textContent?.slice(1));
    expect(groups.slice(0, 8).join('-')).toBe('K7QF-2M9D-XH4T-8PLW-3VRC-6JNB-Y5GA-ZE1S');
    const question = screen.getByLabelText(/^Type group \d/) as HTMLInputElement;
    const asked = Number(screen.getByText(/^Type group \d/).textContent?.match(/\d/)?.[0]);
    await act(async () => fireEvent.change(question, { target: { value: 'WXYZ' } }));
    await submit();
    expect(screen.getByText(`This is not group ${asked} of the code.`)).toBeTruthy();
    expect(callsOf('app.confirmRecovery')).toEqual([]);
    await act(async () =>
      fireEvent.change(question, { target: { value: groups[asked - 1]?.toLowerCase() } }),
    );
    await submit();
    expect(callsOf('app.confirmRecovery')).toHaveLength(1);
  });
});

describe('the locked screen', () => {
  it('shows nothing from the records, not even whose they are', async () => {
    await openAt('locked', { waiting: 3 });
    expect(document.body.textContent).not.toMatch(/Nora|Lindqvist|harbour/i);
    expect(screen.getByText(/^3 changes wait here\./)).toBeTruthy();
    expect(callsOf('view.open')).toEqual([]);
    expect(callsOf('app.draftKey')).toEqual([]);
  });

  it('says in place that the passphrase was wrong, and lets it be typed again', async () => {
    await openAt('locked');
    bridge().overrides['app.unlock'] = () => {
      throw new RoadbookError('store.wrong_passphrase');
    };
    await fill('Passphrase', 'not this one');
    await submit();
    await waitFor(() => expect(label('Passphrase').getAttribute('aria-invalid')).toBe('true'));
    expect(screen.getByText(/That passphrase does not open this device/)).toBeTruthy();
    expect(heading()).toMatch(/^Good/);
  });

  it('says why a backup was not put in place, until the device is opened or that was tried', async () => {
    const error = { code: 'store.disk_full', message: '', hint: '', details: {} } as const;
    await openAt('locked', { error });
    const note = screen.getByText('The backup could not be put in place').closest('[role="status"]');
    expect(note?.textContent).toMatch(/There is no room left on this disk.*Nothing is lost/);
    bridge().overrides['app.unlock'] = () => {
      throw new RoadbookError('store.wrong_passphrase');
    };
    await fill('Passphrase', 'not this one');
    await submit();
    await waitFor(() => expect(label('Passphrase').getAttribute('aria-invalid')).toBe('true'));
    expect(screen.queryByText('The backup could not be put in place')).toBeNull();
  });

  it('opens with the recovery code and a new passphrase', async () => {
    await openAt('locked');
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Use recovery code' })));
    await fill('Recovery code', 'K7QF-2M9D');
    await fill('Passphrase', 'a newer sentence');
    await fill('The same again', 'a newer sentence');
    await submit();
    expect(callsOf('app.unlock')[0]?.input).toEqual({
      recoveryCode: 'K7QF-2M9D',
      newPassphrase: 'a newer sentence',
    });
  });
});

describe('the first sync', () => {
  it('lets work begin at any time by Enter', async () => {
    await openAt('first-sync');
    await act(async () => fireEvent.keyDown(window, { key: 'Enter' }));
    expect(callsOf('app.startWorking')).toHaveLength(1);
  });
});

describe('a store that cannot be opened', () => {
  it('says what it is, looks again when asked, and never offers to delete', async () => {
    await openAt('blocked', { error: { code: 'store.went_back', message: '', hint: '', details: {} } });
    expect(heading()).toBe('These records are older than they should be');
    expect(screen.getByText(/Nothing was deleted/)).toBeTruthy();
    const buttons = screen.getAllByRole('button').map((button) => button.textContent);
    expect(buttons.join(' ')).not.toMatch(/delete|erase|reset|start over/i);
    await act(async () => fireEvent.click(screen.getByRole('button', { name: /^Look again/ })));
    expect(callsOf('app.retry')).toHaveLength(1);
  });

  it('opens older records only after a second look and the passphrase', async () => {
    await openAt('blocked', { error: { code: 'store.went_back', message: '', hint: '', details: {} } });
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Open it anyway' })));
    expect(heading()).toBe('Open these records anyway?');
    expect(screen.getByText(/changed on this device after the copy was taken/)).toBeTruthy();
    expect(callsOf('app.openOlder')).toEqual([]);
    await submit();
    expect(screen.getByText('Type your passphrase.')).toBeTruthy();
    expect(callsOf('app.openOlder')).toEqual([]);
    bridge().overrides['app.openOlder'] = () => {
      throw new RoadbookError('store.wrong_passphrase');
    };
    await fill('Passphrase', 'not this one');
    await submit();
    await waitFor(() => expect(label('Passphrase').getAttribute('aria-invalid')).toBe('true'));
    delete bridge().overrides['app.openOlder'];
    await fill('Passphrase', 'a short sentence');
    await submit();
    expect(callsOf('app.openOlder').at(-1)?.input).toEqual({ passphrase: 'a short sentence' });
  });

  it('offers that for no other failure', async () => {
    await openAt('blocked', { error: { code: 'store.damaged', message: '', hint: '', details: {} } });
    expect(screen.queryByRole('button', { name: 'Open it anyway' })).toBeNull();
  });
});

describe('records of an earlier version', () => {
  it('are said to be prepared, with how far it is, and the screen goes on by itself', async () => {
    await openAt('locked', { preparing: 0.456 });
    expect(heading()).toBe('Preparing your records for this version');
    const bar = screen.getByRole('progressbar', { name: 'Records prepared' });
    expect(bar.getAttribute('aria-valuenow')).toBe('45');
    expect(screen.getByText('45%')).toBeTruthy();
    expect(document.querySelector('form')).toBeNull();
    const { preparing: _, ...after } = bridge().app;
    await act(async () => bridge().emit('app.state', after));
    expect(heading()).toMatch(/^Good/);
  });
});
