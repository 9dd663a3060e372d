import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { FastifyPluginAsync } from 'fastify';
import { RoadbookError } from '../../shared/errors.ts';

interface Asset {
  readonly type: string;
  readonly file: () => string;
  /** What the console needs to be different in it. */
  readonly change?: (text: string) => string;
}

const require = createRequire(import.meta.url);
const CSS = 'text/css; charset=utf-8';
const shared = (name: string) => () => fileURLToPath(new URL(`../../shared/${name}`, import.meta.url));
const own = (name: string) => () => fileURLToPath(new URL(`assets/${name}`, import.meta.url));
const font = (name: string) => () => require.resolve(`@fontsource-variable/${name}`);

/** Every file that the console may load; nothing else of the disk can be asked for. */
const assets: Record<string, Asset> = {
  'tokens.css': { type: CSS, file: shared('style/tokens.css'), change: darkByPreference },
  'fonts.css': { type: CSS, file: own('fonts.css') },
  'console.css': { type: CSS, file: own('console.css') },
  'logo.svg': { type: 'image/svg+xml', file: own('logo.svg') },
  'fonts/inter.woff2': {
    type: 'font/woff2',
    file: font('inter/files/inter-latin-wght-normal.woff2'),
  },
  'fonts/jetbrains-mono.woff2': {
    type: 'font/woff2',
    file: font('jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2'),
  },
};

const HOUR = 3600;

export const assetRoutes: FastifyPluginAsync = async (app) => {
  const read = new Map<string, Buffer>();
  app.get<{ Params: { '*': string } }>('/admin/assets/*', async (request, reply) => {
    const name = request.params['*'];
    const asset = Object.hasOwn(assets, name) ? assets[name] : undefined;
    if (asset === undefined) throw new RoadbookError('request.not_found');
    const content = read.get(name) ?? load(asset);
    read.set(name, content);
    return reply.header('cache-control', `private, max-age=${HOUR}`).type(asset.type).send(content);
  });
};

function load({ file, change }: Asset): Buffer {
  const content = readFileSync(file());
  return change === undefined ? content : Buffer.from(change(content.toString('utf8')));
}

/** The console has no script that could set a theme: dark is what the browser asks for. */
function darkByPreference(tokens: string): string {
  const dark = /^\[data-theme="dark"\] (\{\n[\s\S]*?\n\})/m;
  if (!dark.test(tokens)) throw new Error('shared/style/tokens.css has no dark block');
  return tokens.replace(dark, '@media (prefers-color-scheme: dark) {\n:root $1\n}');
}
