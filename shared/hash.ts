import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** SHA-256 of a UTF-8 text as 64 hex digits. Processes that have a native hash pass theirs in: it is 5x faster. */
export type HashText = (text: string) => string;

export const sha256Hex: HashText = (text) => bytesToHex(sha256(utf8ToBytes(text)));
