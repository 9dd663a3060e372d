import { describe, expect, it } from 'vitest';
import { highlight, LatestSearch } from '../../../renderer/views/palette/search.ts';
import type { SearchResult } from '../../../shared/ipc.ts';

const empty: SearchResult = { hits: [], names: {}, complete: true, millis: 1 };

function harness() {
  const asked: { text: string; answer: () => void; refuse: () => void }[] = [];
  const shown: string[] = [];
  const failed: unknown[] = [];
  const search = new LatestSearch(
    ({ text }) =>
      new Promise((resolve, reject) => {
        asked.push({ text, answer: () => resolve(empty), refuse: () => reject(new Error(text)) });
      }),
    ({ text }) => shown.push(text),
    (_request, error) => failed.push(error),
  );
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { asked, shown, failed, search, settle };
}

describe('search as you type', () => {
  it('never shows the answer to an older text', async () => {
    const { asked, shown, search, settle } = harness();
    search.want({ text: 'i' });
    search.want({ text: 'is' });
    search.want({ text: 'isd' });
    asked[0]?.answer();
    await settle();
    expect(shown).toEqual([]);
    asked[1]?.answer();
    await settle();
    expect(shown).toEqual(['isd']);
  });
  it('asks one thing at a time and skips what was typed over', async () => {
    const { asked, search, settle } = harness();
    for (const text of ['i', 'is', 'isd', 'isdo']) search.want({ text });
    expect(asked.map(({ text }) => text)).toEqual(['i']);
    asked[0]?.answer();
    await settle();
    expect(asked.map(({ text }) => text)).toEqual(['i', 'isdo']);
  });
  it('shows nothing once the field is empty', async () => {
    const { asked, shown, search, settle } = harness();
    search.want({ text: 'isd' });
    search.want(null);
    asked[0]?.answer();
    await settle();
    expect(shown).toEqual([]);
  });
  it('tells of a failure of the newest question only', async () => {
    const { asked, failed, search, settle } = harness();
    search.want({ text: 'a' });
    search.want({ text: 'ab' });
    asked[0]?.refuse();
    await settle();
    expect(failed).toEqual([]);
    asked[1]?.refuse();
    await settle();
    expect(failed).toHaveLength(1);
  });
});

describe('marked letters', () => {
  it('are the words in any order, whatever their case and accents', () => {
    expect(highlight('Halden GX Field', 'gx hal')).toEqual(['', 'Hal', 'den ', 'GX', ' Field']);
    expect(highlight('Café Müller', 'mull')).toEqual(['Café ', 'Müll', 'er']);
  });
  it('prefer the start of a word', () => {
    expect(highlight('Ahal Hal', 'hal')).toEqual(['Ahal ', 'Hal', '']);
  });
  it('leave a text alone that has none of the words', () => {
    expect(highlight('Halden', 'zz')).toEqual(['Halden']);
  });
});
