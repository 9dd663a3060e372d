import { describe, expect, it } from 'vitest';
import { readable } from '../../../electron/records/search.ts';
import { collectionNames } from '../../../shared/model/index.ts';
import { may, roles } from '../../../shared/rules/permissions.ts';

describe('what a search looks through', () => {
  it.each(roles)('is what the policy lets a %s read, and of that what was asked for', (role) => {
    const all = readable(role, collectionNames);
    expect(all).toEqual(collectionNames.filter((name) => may(role, 'read', name)));
    expect(readable(role, ['deals'])).toEqual(all.includes('deals') ? ['deals'] : []);
  });

  it('is nothing for a role that the policy does not know', () => {
    expect(readable('somebody', collectionNames)).toEqual([]);
  });
});
