import * as crypto from 'node:crypto';
import type { HashText } from '../../../shared/hash.ts';

/** SHA-256 by the runtime. The one-shot form (Node 20.12 and later) saves the object that createHash makes. */
export const nativeHash: HashText =
  typeof crypto.hash === 'function'
    ? (text) => crypto.hash('sha256', text, 'hex')
    : (text) => crypto.createHash('sha256').update(text).digest('hex');
