import { readFileSync } from 'node:fs';
import { extname, isAbsolute, join, relative, sep } from 'node:path';
import { securityHeaders } from './headers.ts';
import { isOwnUrl } from './origin.ts';

/** Kinds of file that belong to a built renderer. Anything else is not served, wherever it lies. */
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

export interface Asset {
  readonly file: string;
  readonly type: string;
}

/**
 * The file behind an app:// address, or null when there is none to be had: another origin, another kind of file,
 * or a path that leaves the folder after decoding.
 */
export function resolveAsset(address: string, root: string): Asset | null {
  if (!isOwnUrl(address)) return null;
  const path = decoded(new URL(address).pathname);
  if (path === null || path.includes('\0') || path.includes('\\')) return null;
  const file = join(root, path === '/' ? 'index.html' : path);
  const inside = relative(root, file);
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return null;
  const type = types[extname(file).toLowerCase()];
  return type === undefined ? null : { file, type };
}

/** Answers one request of the window from the built renderer. */
export function serveAsset(
  request: { readonly url: string; readonly method: string },
  root: string,
): Response {
  if (request.method !== 'GET') return refusal(405);
  const asset = resolveAsset(request.url, root);
  if (asset === null) return refusal(404);
  try {
    // At once: a turn of the main process's loop costs a start more than reading these few files does.
    const body = new Uint8Array(readFileSync(asset.file));
    return new Response(body, { headers: { ...securityHeaders, 'Content-Type': asset.type } });
  } catch (error) {
    if (isAbsent(error)) return refusal(404);
    throw error;
  }
}

function refusal(status: number): Response {
  return new Response(null, { status, headers: securityHeaders });
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    // Not valid percent-encoding, so it names no file.
    return null;
  }
}

function isAbsent(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR';
}
