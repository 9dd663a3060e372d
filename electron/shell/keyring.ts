import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { RoadbookError } from '../../shared/errors.ts';
import { subkey } from '../keys/subkey.ts';
import type { KeyRing } from '../records/keyring.ts';

const MIN = 12;

export function createKeyRing(): KeyRing {
  return {
    async make(passphrase) {
      if (passphrase.length < MIN) throw new RoadbookError('key.passphrase_short', { min: MIN });
      const dataKey = new Uint8Array(randomBytes(32));
      const recoveryCode = randomBytes(20)
        .toString('hex')
        .toUpperCase()
        .slice(0, 32)
        .replace(/(.{4})(?=.)/g, '$1-');
      const salt = randomBytes(16);
      const wrap = async (secret: string) => {
        const iv = randomBytes(12);
        const cipher = createCipheriv('aes-256-gcm', await derive(secret, salt), iv);
        const body = Buffer.concat([cipher.update(dataKey), cipher.final()]);
        return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
      };
      const file = JSON.stringify({
        salt: salt.toString('base64'),
        passphrase: await wrap(passphrase),
        recovery: await wrap(recoveryCode),
      });
      return { dataKey, recoveryCode, save: async (path) => writeFileSync(path, file, { mode: 0o600 }) };
    },
    async open(path, opener) {
      const file = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
      if ('keychain' in opener) throw new RoadbookError('store.wrong_passphrase');
      const isCode = 'recoveryCode' in opener;
      const secret = isCode ? opener.recoveryCode : opener.passphrase;
      const blob = Buffer.from(String(isCode ? file.recovery : file.passphrase), 'base64');
      const key = await derive(secret, Buffer.from(String(file.salt), 'base64'));
      const cipher = createDecipheriv('aes-256-gcm', key, blob.subarray(0, 12));
      cipher.setAuthTag(blob.subarray(12, 28));
      try {
        return new Uint8Array(Buffer.concat([cipher.update(blob.subarray(28)), cipher.final()]));
      } catch {
        throw new RoadbookError(isCode ? 'store.wrong_recovery_code' : 'store.wrong_passphrase');
      }
    },
    hasKeychain: () => false,
    derive: subkey,
  };
}

async function derive(secret: string, salt: Buffer): Promise<Buffer> {
  const { hash } = await import('argon2');
  return hash(secret, { raw: true, salt, memoryCost: 65536, timeCost: 3, parallelism: 1 });
}
