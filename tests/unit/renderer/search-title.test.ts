import { describe, expect, it } from 'vitest';
import { titleParts } from '../../../renderer/views/palette/search.ts';

describe('the name of a found record', () => {
  it('is marked as the store has marked it: a misspelt word, a letter that people type differently', () => {
    expect(titleParts({ name: 'Jan Kowalski', excerpt: ['Jan ', 'Kowalski', ''] }, 'kovalski')).toEqual([
      'Jan ',
      'Kowalski',
      '',
    ]);
    expect(titleParts({ name: 'Straße', excerpt: ['', 'Straß', 'e'] }, 'strass')).toEqual(['', 'Straß', 'e']);
  });

  it('is marked by its own letters where the store shows another text', () => {
    const hit = { name: 'Anna Li', excerpt: ['met ', 'Anna', ' in May'] };
    expect(titleParts(hit, 'anna may')).toEqual(['', 'Anna', ' Li']);
    expect(titleParts({ name: 'Anna Li', excerpt: ['Anna Li'] }, 'zz')).toEqual(['Anna Li']);
  });
});
