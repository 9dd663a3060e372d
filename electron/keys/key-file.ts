import { readFile } from 'node:fs/promises';
import { RoadbookError } from '../../shared/errors.ts';
import { codeOf, writeAtomically } from './atomic-file.ts';
import { areSane, type Costs } from './costs.ts';
import type { Sealed, WrapKind } from './wrap.ts';

export const KEY_FORMAT = 1;

export interface PassphraseWrap extends Sealed {
  readonly kdf: 'argon2id';
  readonly costs: Costs;
  readonly salt: string;
}

export interface RecoveryWrap extends Sealed {
  readonly kdf: 'hkdf-sha256';
  readonly salt: string;
}

/** The wrapping key lies in `keychain`, encrypted by the system for this person. */
export interface KeychainWrap extends Sealed {
  readonly keychain: string;
  /** Which keychain that was, as the system calls it; absent in files of before it was noted. */
  readonly backend?: string;
}

/** The key file: nothing in it opens anything without the passphrase, the recovery code or the system's keychain. */
export interface KeyFile {
  readonly format: typeof KEY_FORMAT;
  /** Names the store that the key is for; part of what each wrap is bound to. */
  readonly id: string;
  readonly passphrase: PassphraseWrap;
  readonly recovery: RecoveryWrap;
  readonly keychain?: KeychainWrap;
}

/** What a wrap is bound to: a wrap moved to another file, kind or set of parameters does not open. */
export function boundTo(id: string, kind: WrapKind, parameters: string): string {
  return `roadbook key v${KEY_FORMAT}\n${id}\n${kind}\n${parameters}`;
}

export function costsText({ memoryKiB, passes, lanes }: Costs): string {
  return `argon2id m=${memoryKiB} t=${passes} p=${lanes}`;
}

/**
 * @throws store.key_missing when there is no file, store.key_damaged when it is not a key file, store.newer_version
 * when a newer Roadbook wrote it, store.read_only when it may not be read
 */
export async function readKeyFile(file: string): Promise<KeyFile> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const code = codeOf(cause);
    if (code === 'ENOENT') throw new RoadbookError('store.key_missing', {}, { cause });
    if (code === 'EACCES' || code === 'EPERM') throw new RoadbookError('store.read_only', {}, { cause });
    throw new RoadbookError('store.key_damaged', {}, { cause });
  });
  const value = parse(text);
  if (typeof value.format === 'number' && value.format > KEY_FORMAT) {
    throw new RoadbookError('store.newer_version');
  }
  const { passphrase, recovery, keychain } = value;
  const whole =
    value.format === KEY_FORMAT &&
    typeof value.id === 'string' &&
    isPassphraseWrap(passphrase) &&
    isRecoveryWrap(recovery) &&
    (keychain === undefined || isKeychainWrap(keychain));
  if (!whole) throw new RoadbookError('store.key_damaged');
  return value as unknown as KeyFile;
}

export function writeKeyFile(file: string, keys: KeyFile, mode: 'new' | 'replace'): Promise<void> {
  return writeAtomically(file, `${JSON.stringify(keys, null, 2)}\n`, mode);
}

type Members = Readonly<Record<string, unknown>>;

function parse(text: string): Members {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? (value as Members) : {};
  } catch {
    return {};
  }
}

function isMembers(value: unknown): value is Members {
  return value !== null && typeof value === 'object';
}

function hasBytes(value: unknown, length: number): boolean {
  return typeof value === 'string' && Buffer.from(value, 'base64').length === length;
}

function isSealed(value: unknown): value is Members {
  return isMembers(value) && hasBytes(value.nonce, 12) && hasBytes(value.sealed, 48);
}

function isPassphraseWrap(value: unknown): boolean {
  if (!isSealed(value) || value.kdf !== 'argon2id' || !hasBytes(value.salt, 16)) return false;
  return isMembers(value.costs) && areSane(value.costs as unknown as Costs);
}

function isRecoveryWrap(value: unknown): boolean {
  return isSealed(value) && value.kdf === 'hkdf-sha256' && hasBytes(value.salt, 16);
}

function isKeychainWrap(value: unknown): boolean {
  if (!isSealed(value) || typeof value.keychain !== 'string') return false;
  return value.backend === undefined || typeof value.backend === 'string';
}
