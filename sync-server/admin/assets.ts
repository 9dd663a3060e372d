import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { FastifyPluginAsync } from 'fastify';
import { RoadbookError } from '../../shared/errors.ts';

interface Asset {
  readonly type: string;
  readonly file: () => string;
}

const require = createRequire(import.meta.url);
const own = (name: string) => () => fileURLToPath(new URL(`assets/${name}`, import.meta.url));
const font = (name: string) => () => require.resolve(`@fontsource-variable/${name}`);

/** Every file that the console may load; nothing else of the disk can be asked for. */
const assets: Record<string, Asset> = {
  'tokens.css': { type: 'text/css; charset=utf-8', file: own('tokens.css') },
  'console.css': { type: 'text/css; charset=utf-8', file: own('console.css') },
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
    if (content === undefined) throw new RoadbookError('request.not_found');
    read.set(name, content);
    return reply.header('cache-control', `private, max-age=${HOUR}`).type(asset.type).send(content);
  });
};

/** A server without the font packages falls back to the fonts of the system. */
function load(asset: Asset): Buffer | undefined {
  try {
    const file = asset.file();
    return existsSync(file) ? readFileSync(file) : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
