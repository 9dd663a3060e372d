import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../shared/errors.ts';
import { routes } from '../../../shared/sync/wire.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter(isPage)
    .map((name) => `docs/${name}`),
];
const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts;

function isPage(name: string): boolean {
  return name.endsWith('.md');
}

describe('the documents', () => {
  it.each(pages)('%s links only to what exists', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)#\s]+)/g)].map(([, link]) => link ?? '');
    for (const link of links.filter((target) => !/^[a-z]+:/.test(target))) {
      expect(existsSync(join(root, dirname(page), link)), `${page} -> ${link}`).toBe(true);
    }
  });

  it.each(pages)('%s names only files that exist', (page) => {
    const named = [
      ...read(page).matchAll(/`((?:electron|renderer|shared|sync-server|tests|scripts|docs)\/[\w./-]+)`/g),
    ];
    for (const [, file] of named) expect(existsSync(join(root, file ?? '')), `${page} -> ${file}`).toBe(true);
  });

  it.each(pages)('%s names only npm commands that exist', (page) => {
    const commands = [...read(page).matchAll(/npm (?:run )?([a-z][\w:-]*)/g)].map(([, name]) => name ?? '');
    for (const name of commands.filter((word) => !['ci', 'install'].includes(word))) {
      expect(scripts, `${page} -> npm run ${name}`).toHaveProperty(name);
    }
  });

  it('list every route and every error code', () => {
    const reference = read('docs/API_REFERENCE.md');
    for (const route of Object.values(routes)) expect(reference).toContain(`\`${route}\``);
    for (const [code, entry] of Object.entries(catalogue)) {
      expect(reference, code).toContain(`| \`${code}\` | ${entry.status} |`);
    }
  });
});
