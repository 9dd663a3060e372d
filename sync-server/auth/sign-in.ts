import { RoadbookError } from '../../shared/errors.ts';
import type { UsersTable } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Attempts } from './attempts.ts';
import { passwordMatches } from './passwords.ts';

export type KnownUser = UsersTable & { tenant_name: string };

/**
 * The person behind an e-mail address and a password. Unknown people, people without a password and wrong passwords
 * take the same time and give the same answer.
 * @param device id of the device that asks; '' for the console
 * @throws auth.bad_credentials, auth.person_disabled, auth.too_many_tries
 */
export async function checkPassword(
  store: Store,
  attempts: Attempts,
  credentials: { email: string; password: string; device: string; address: string },
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
    // Only after the right password: nobody else learns that there is such a person.
    if (user.active !== 1) throw new RoadbookError('auth.person_disabled');
    return user;
  });
}
