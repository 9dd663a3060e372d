import { RoadbookError } from '../../shared/errors.ts';
import type { Transport } from '../sync/api.ts';

type Kit = typeof import('undici');

export interface ProxyParts {
  /** What the system says about an address, as a proxy configuration file does: `PROXY host:port; DIRECT`. */
  readonly resolve: (url: string) => Promise<string>;
  /** Without a proxy. */
  readonly direct: Transport;
  /** A way was chosen that is not the one of before. */
  readonly chosen?: (way: string) => void;
}

/**
 * A transport that takes the way which the system names for each address: straight, or through a proxy for HTTP. The
 * server's certificate is checked end to end; the proxy only passes bytes on.
 * Errors beside those of `fetch`: sync.in_between where the proxy refuses to pass on.
 */
export function throughProxies({ resolve, direct, chosen }: ProxyParts): Transport {
  let kit: Promise<Kit> | undefined;
  let last = '';
  const agents = new Map<string, InstanceType<Kit['ProxyAgent']>>();
  return async (url, init) => {
    const proxy = proxyOf(await resolve(url));
    const way = proxy ?? 'direct';
    if (way !== last) chosen?.(way);
    last = way;
    if (proxy === undefined) return direct(url, init);
    kit ??= import('undici');
    const { ProxyAgent, fetch } = await kit;
    // A tunnel also for plain HTTP: what goes through it is the server's alone.
    const agent = agents.get(proxy) ?? new ProxyAgent({ uri: proxy, proxyTunnel: true });
    agents.set(proxy, agent);
    try {
      const answer = await fetch(url, { ...(init as Parameters<typeof fetch>[1]), dispatcher: agent });
      return answer as unknown as Response;
    } catch (error) {
      if (refusedByProxy(error)) throw new RoadbookError('sync.in_between', {}, { cause: error });
      throw error;
    }
  };
}

/**
 * The first way in a list of ways that can be taken: the address of a proxy, or undefined for none. A proxy for SOCKS is
 * passed over.
 */
export function proxyOf(ways: string): string | undefined {
  for (const way of ways.split(';')) {
    const [kind = '', host = ''] = way.trim().split(/\s+/);
    switch (kind.toUpperCase()) {
      case 'PROXY':
      case 'HTTP':
        return `http://${host}`;
      case 'HTTPS':
        return `https://${host}`;
      case 'DIRECT':
        return undefined;
    }
  }
  return undefined;
}

/**
 * It was asked for a tunnel and will not have it: mostly 407, it wants to know who asks. One that has no line to the
 * server (502, 503, 504) is another thing: then there is no way.
 */
function refusedByProxy(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (/^Proxy response \(4\d{2}\)/.test(at.message)) return true;
  }
  return false;
}
