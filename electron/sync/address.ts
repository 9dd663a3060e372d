import { RoadbookError } from '../../shared/errors.ts';

/**
 * The address of a sync server as it is stored: scheme, host, port and path without a slash at the end. People may
 * leave the scheme out. Only this machine itself may be reached without TLS.
 * @throws sync.bad_address
 */
export function normaliseAddress(typed: string): string {
  const text = typed.trim();
  const address = text.includes('://') ? text : `${isLoopback(hostOf(text)) ? 'http' : 'https'}://${text}`;
  if (!URL.canParse(address)) throw new RoadbookError('sync.bad_address');
  const url = new URL(address);
  const safe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!safe || !plain) throw new RoadbookError('sync.bad_address');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function hostOf(text: string): string {
  return URL.canParse(`http://${text}`) ? new URL(`http://${text}`).hostname : '';
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
