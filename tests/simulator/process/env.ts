import { join } from 'node:path';
import type { Company } from '../company.ts';

/** Processes of one run are many, and most of what they do is to compile the same sources: they share the result. */
export function childEnv(company: Company): NodeJS.ProcessEnv {
  return { ...process.env, NODE_COMPILE_CACHE: join(company.store, '..', 'compiled') };
}
