import { beforeEach, describe, expect, it } from 'vitest';
import {
  goBack,
  goForward,
  navigate,
  openCreate,
  resetRouter,
  routeKey,
  setPalette,
  useRouter,
} from '../../../renderer/state/router.ts';
import { creatable } from '../../../renderer/views/shell/useShellKeys.ts';

beforeEach(resetRouter);
const here = () => routeKey(useRouter.getState().route);

describe('the router', () => {
  it('leads back and forward the way it came', () => {
    navigate({ name: 'list', collection: 'accounts' });
    navigate({ name: 'record', collection: 'accounts', id: 'a1' });
    goBack();
    expect(here()).toBe('list/accounts/');
    goForward();
    expect(here()).toBe('record/accounts/a1');
    goBack();
    goBack();
    goBack();
    expect(here()).toBe('list/deals/');
  });
  it('does not pile up the place it already is at', () => {
    navigate({ name: 'audit' });
    navigate({ name: 'audit' });
    goBack();
    expect(here()).toBe('list/deals/');
  });
  it('closes the palette when it goes somewhere', () => {
    setPalette(true);
    navigate({ name: 'sync' });
    expect(useRouter.getState().palette).toBe(false);
  });
  it('hands the presets of a new record over', () => {
    openCreate('deals', { stage: 'proposal' });
    expect(useRouter.getState().create).toEqual({ collection: 'deals', presets: { stage: 'proposal' } });
  });
  it('forgets everything when the records are locked', () => {
    navigate({ name: 'record', collection: 'accounts', id: 'a1' });
    resetRouter();
    expect(useRouter.getState()).toMatchObject({ past: [], future: [], create: null });
  });
});

describe('the key for something new', () => {
  it('makes what the screen is about, if the role may', () => {
    expect(creatable({ name: 'list', collection: 'contacts' }, 'rep')).toBe('contacts');
    expect(creatable({ name: 'board' }, 'rep')).toBe('deals');
    expect(creatable({ name: 'list', collection: 'products' }, 'rep')).toBeNull();
    expect(creatable({ name: 'list', collection: 'products' }, 'manager')).toBe('products');
    expect(creatable({ name: 'list', collection: 'deals' }, 'read-only')).toBeNull();
    expect(creatable({ name: 'settings' }, 'admin')).toBeNull();
  });
});
