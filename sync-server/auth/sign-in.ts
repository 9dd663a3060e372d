import { RoadbookError } from '../../shared/errors.ts';
import type { UsersTable } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Attempts } from './attempts.ts';
import { passwordMatches } from './passwords.ts';

export type KnownUser = UsersTable & { tenant_name: string };

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Id of the device that asks; '' for the console. */
  readonly device: string;
  readonly address: string;
}

/**
 * The person behind an e-mail address and a password, who may sign in.
 * @throws auth.bad_credentials, auth.person_disabled, auth.too_many_tries
 */
export async function checkPassword(
  store: Store,
  attempts: Attempts,
  credentials: Credentials,
): Promise<KnownUser> {
  const user = await personOf(store, attempts, credentials);
  checkActive(user);
  return user;
}

/**
 * Only after the right password: nobody else learns that there is such a person.
 * @throws auth.person_disabled
 */
export function checkActive(user: KnownUser): void {
  if (user.active !== 1) throw new RoadbookError('auth.person_disabled');
}

/**
 * The person behind an e-mail address and a password, also one who was switched off. Unknown people, people without a
 * password and wrong passwords take the same time and give the same answer.
 * @throws auth.bad_credentials, auth.too_many_tries
 */
export async function personOf(
  store: Store,
  attempts: Attempts,
  credentials: Credentials,
): Promise<KnownUser> {
  const { email, password, device, address } = credentials;
  const user = await store.accounts.userByEmail(email);
  const attempt = {
    address,
    device,
    account: email.trim().toLowerCase(),
    knownDevice: user !== undefined && (await store.devices.isKnown(user.tenant, user.id, device)),
  };
  // One at a time: asked in parallel, all would be checked before the first one counts as a failure.
  return attempts.inTurn(attempt, async () => {
    attempts.check(attempt);
    const right = await passwordMatches(user?.password_hash, password);
    if (user === undefined || !right) {
      attempts.failed(attempt);
      throw new RoadbookError('auth.bad_credentials');
    }
    attempts.succeeded(attempt);
    return user;
  });
}
