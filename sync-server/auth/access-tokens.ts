import { createPublicKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, link, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  errors,
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  importPKCS8,
  jwtVerify,
  SignJWT,
} from 'jose';
import { RoadbookError } from '../../shared/errors.ts';

/** Seconds that an access token lasts. */
export const ACCESS_SECONDS = 600;

const ALGORITHM = 'EdDSA';
const ISSUER = 'roadbook';
const KEY_FILE = 'access-token-key.pem';

/** Signs and reads access tokens (JWT, Ed25519). A token names a session and nothing that could change meanwhile. */
export class AccessTokens {
  readonly #private: CryptoKey;
  readonly #public: ReturnType<typeof createPublicKey>;
  readonly #keyId: string;
  readonly #now: () => number;

  private constructor(
    privateKey: CryptoKey,
    publicKey: ReturnType<typeof createPublicKey>,
    keyId: string,
    now: () => number,
  ) {
    this.#private = privateKey;
    this.#public = publicKey;
    this.#keyId = keyId;
    this.#now = now;
  }

  /** Reads the key from the data folder; the first start makes it, readable by its owner alone. */
  static async open(data: string, now: () => number): Promise<AccessTokens> {
    const file = join(data, KEY_FILE);
    if (!existsSync(file)) await makeKey(file);
    const pem = readFileSync(file, 'utf8');
    const publicKey = createPublicKey(pem);
    const keyId = await calculateJwkThumbprint(await exportJWK(publicKey));
    return new AccessTokens(await importPKCS8(pem, ALGORITHM), publicKey, keyId, now);
  }

  /** @param toLeave good for nothing but to send what a device still holds before it wipes itself */
  issue(session: string, toLeave = false): Promise<string> {
    const now = Math.floor(this.#now() / 1000);
    return new SignJWT(toLeave ? { use: 'leave' } : {})
      .setProtectedHeader({ alg: ALGORITHM, kid: this.#keyId })
      .setIssuer(ISSUER)
      .setSubject(session)
      .setIssuedAt(now)
      .setExpirationTime(now + ACCESS_SECONDS)
      .sign(this.#private);
  }

  /** @throws auth.token_expired, auth.token_invalid */
  async read(token: string): Promise<{ session: string; expiresAt: number; toLeave: boolean }> {
    try {
      const { payload } = await jwtVerify(token, this.#public, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        requiredClaims: ['sub', 'exp'],
        currentDate: new Date(this.#now()),
      });
      const { sub = '', exp = 0, use } = payload;
      return { session: sub, expiresAt: exp * 1000, toLeave: use !== undefined };
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new RoadbookError('auth.token_expired');
      throw new RoadbookError('auth.token_invalid', {}, { cause: error });
    }
  }
}

/** Written whole under another name and linked, so that of two servers that start at once both use one key. */
async function makeKey(file: string): Promise<void> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { crv: 'Ed25519', extractable: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, await exportPKCS8(privateKey), { mode: 0o600 });
  await chmod(draft, 0o600);
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
}
