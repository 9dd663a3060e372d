import { type ChainEntry, type ChainFault, genesis, verifyChain } from '../../shared/audit/chain.ts';
import type { Db } from './dialect.ts';
import { sha256 } from './environment.ts';
import type { Origin } from './pull.ts';

const PAGE = 5_000;

export interface AuditCheck {
  readonly entries: number;
  readonly head: string;
  /** The first entry that does not fit, or null. */
  readonly fault: ChainFault | null;
  /** False when the chain is whole but does not end where the company's row says. */
  readonly headMatches: boolean;
}

/** Walks a company's audit chain from its beginning. */
export async function verifyAudit(db: Db, origin: Origin, tenant: string): Promise<AuditCheck> {
  const expected = await db
    .selectFrom('tenants')
    .select(['log_seq', 'log_head'])
    .where('id', '=', tenant)
    .executeTakeFirstOrThrow();
  let hash = genesis(tenant, origin.incarnation, sha256);
  let seq = 0;
  for (;;) {
    const entries = await page(db, tenant, seq);
    const fault = verifyChain(entries, { hash, seq: seq + 1 }, sha256);
    if (fault !== null) return { entries: seq, head: hash, fault, headMatches: false };
    const last = entries.at(-1);
    if (last === undefined) break;
    hash = last.hash;
    seq = last.seq;
  }
  const headMatches = hash === expected.log_head && seq === Number(expected.log_seq);
  return { entries: seq, head: hash, fault: null, headMatches };
}

async function page(db: Db, tenant: string, after: number): Promise<ChainEntry[]> {
  const stored = await db
    .selectFrom('audit_log')
    .leftJoin('audit_values', (join) =>
      join
        .onRef('audit_values.tenant', '=', 'audit_log.tenant')
        .onRef('audit_values.seq', '=', 'audit_log.seq'),
    )
    .select(['audit_log.seq', 'audit_log.leaf', 'audit_log.hash', 'audit_values.salt', 'audit_values.json'])
    .where('audit_log.tenant', '=', tenant)
    .where('audit_log.seq', '>', after)
    .orderBy('audit_log.seq')
    .limit(PAGE)
    .execute();
  return stored.map(({ seq, leaf, hash, salt, json }) => ({
    seq: Number(seq),
    leaf,
    hash,
    ...(salt === null || json === null ? {} : { salt, values: JSON.parse(json) as unknown }),
  }));
}
