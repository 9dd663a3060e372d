import { hostname } from 'node:os';
import { RoadbookError } from '../../shared/errors.ts';
import { uuidv7 } from '../../shared/sync/ids.ts';
import { PROTOCOL } from '../../shared/sync/wire.ts';
import { normaliseAddress } from '../sync/address.ts';
import { ServerApi } from '../sync/api.ts';
import type { SessionParts } from './session-parts.ts';
import { type StoredSession, signedIn } from './stored-session.ts';

interface Credentials {
  readonly server: string;
  readonly email: string;
  readonly password: string;
}

/**
 * Signs in at a server, as the device that is known already or as a new one. Nothing is stored.
 * @param known who works on this device's records; nobody else is let in over them
 * @param ordered hears what the server orders this device to do
 * @throws sync.bad_address, sync.offline, sync.client_too_old, auth.*, permission.tenant
 */
export async function signInAt(
  { transport, now, random, version }: SessionParts,
  { server, email, password }: Credentials,
  known: StoredSession | null,
  ordered?: (order: unknown) => void,
): Promise<StoredSession> {
  const address = normaliseAddress(server);
  const api = new ServerApi(address, transport, undefined, ordered);
  const { oldestProtocol } = await api.hello();
  // Where records are already, their person is let in: what waits here can still be sent.
  if (known === null && oldestProtocol > PROTOCOL) throw new RoadbookError('sync.client_too_old');
  const device = known?.device ?? {
    id: uuidv7(now(), random),
    name: hostname().slice(0, 100) || 'Computer',
  };
  const answer = await api.signIn({
    email,
    password,
    device: { ...device, platform: process.platform, app: version },
  });
  const { user } = answer;
  // These records are another person's or another company's: they are not to be mixed.
  if (known !== null && (known.user.id !== user.id || known.user.tenant !== user.tenant)) {
    throw new RoadbookError('permission.tenant');
  }
  return signedIn(address, device, answer, now());
}
