import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createKeys } from '../../../electron/keys/keys.ts';
import { changed, entry, fresh, id, paper, put, until } from './helpers.ts';

const CANARY = 'Xylophonbauer-Quittung-7731';
const words = [
  'Xylophonbauer',
  'Glockenspielquittung',
  'Nachtwanderweg',
  'canary@quokka.example',
  'geheimer Suchbegriff',
];

/** The forms in which a text may lie on a disk. */
function forms(text: string): Buffer[] {
  const utf16 = Buffer.from(text, 'utf16le');
  const base64 = [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]).toString('base64');
    // The ends depend on their neighbours.
    return Buffer.from(encoded.slice(4, -4));
  });
  return [Buffer.from(text), Buffer.from(text.toLowerCase()), utf16, Buffer.from(utf16).swap16(), ...base64];
}

function findIn(folder: string, texts: readonly string[]): string[] {
  const found: string[] = [];
  for (const name of readdirSync(folder)) {
    const bytes = readFileSync(join(folder, name));
    for (const text of texts) {
      if (forms(text).some((form) => bytes.includes(form))) found.push(`${text} in ${name}`);
    }
  }
  return found;
}

describe('on the disk', () => {
  it('no text of a record, search, history, outbox, setting or key is readable, while open and after closing', async () => {
    const { store, file } = await fresh();
    const folder = dirname(file);
    const { dataKey, recoveryCode } = await createKeys(join(folder, 'keys.json'), `${CANARY} passphrase`, {
      costs: { memoryKiB: 19_456, passes: 2, lanes: 1 },
    });
    const one = paper(1, {
      title: CANARY,
      body: { abstract: words.join(' '), mails: [{ address: words[3] }] },
    });
    await store.commit({
      rows: [
        put(one),
        ...Array.from({ length: 400 }, (_, n) => put(paper(n + 2, { title: `${CANARY} ${n}` }))),
      ],
      history: [entry('m1', { name: CANARY, from: words[0], to: words[4] })],
      outbox: [
        {
          id: 'm1',
          group: 'g',
          collection: 'papers',
          record: id(1),
          field: 'f',
          mutation: { value: CANARY },
        },
      ],
      bases: [{ collection: 'papers', id: id(1), base: { title: CANARY } }],
      values: { setting: words },
      search: 'behind',
    });
    const view = await store.openView({
      collection: 'papers',
      selector: {},
      sort: [{ path: 'body.abstract', direction: 'asc' }],
    });
    await store.viewRows(view.viewId, 0, 50);
    await store.search({ text: words[4] as string, limit: 5 });
    await until(async () => (await store.search({ text: 'x', limit: 1 })).complete);
    await store.commit({ rows: [put(changed(one, { title: words[4] }), one)] });
    const planted = [CANARY, ...words, recoveryCode, recoveryCode.replaceAll('-', '')];
    expect(existsSync(`${file}-wal`)).toBe(true);
    expect(findIn(folder, planted)).toEqual([]);
    await store.close();
    expect(readdirSync(folder).sort()).toEqual(['keys.json', 'store.db', 'store.db.head']);
    expect(findIn(folder, planted)).toEqual([]);
    for (const name of readdirSync(folder)) {
      const bytes = readFileSync(join(folder, name));
      expect(bytes.includes(Buffer.from(dataKey)), name).toBe(false);
      expect(bytes.includes(Buffer.from(dataKey).toString('base64').slice(0, 40)), name).toBe(false);
      expect(bytes.includes(Buffer.from(dataKey).toString('hex')), name).toBe(false);
    }

    // The same eyes see what is really there.
    writeFileSync(join(folder, 'control-1'), `xx${CANARY}yy`);
    writeFileSync(join(folder, 'control-2'), Buffer.from(`a${words[0]}b`, 'utf16le'));
    writeFileSync(join(folder, 'control-3'), Buffer.from(`ab${words[4]}cd`).toString('base64'));
    expect(
      findIn(folder, planted)
        .map((hit) => hit.split(' in ')[1])
        .sort(),
    ).toEqual(expect.arrayContaining(['control-1', 'control-2', 'control-3']));
  });
});
