import { ShieldAlert, ShieldCheck, ShieldQuestion } from 'lucide-react';
import { Button } from '../../components/Button.tsx';
import { Icon } from '../../components/Icon.tsx';
import { count, counted, instant } from '../../format.ts';
import { shortHash } from './describe.ts';
import type { Verification } from './useAudit.ts';

const FAULTS: Readonly<Record<string, string>> = {
  gap: 'an entry is missing',
  link: 'it does not follow from the one before it',
  leaf: 'its values were changed',
};

/** Whether the chain holds: computed on this device, from its first entry to its last. */
export function ProofBanner({ proof, total }: { readonly proof: Verification; readonly total: number }) {
  const { verdict, busy, error, verify } = proof;
  const broken = verdict !== null && !verdict.ok;
  return (
    <div className={broken ? 'proof broken' : 'proof'} role="status">
      {broken ? (
        <>
          <Icon of={ShieldAlert} tone="current" />
          <span className="bb">The chain does not hold</span>
          <Dot />
          <span className="m tr">
            entry <span className="n">{count(verdict.fault?.seq ?? 0)}</span>:{' '}
            {FAULTS[verdict.fault?.reason ?? ''] ?? verdict.fault?.reason}
          </span>
          <Dot />
          <span className="m tr">copy the diagnostics in Settings and tell your admin</span>
        </>
      ) : verdict !== null ? (
        <>
          <span className="seal">
            <Icon of={ShieldCheck} tone="current" />
          </span>
          <span className="bb">{counted(verdict.entries, 'entry', 'entries')}, chain verified</span>
          <Dot />
          <span className="m tr">
            {instant(verdict.at)} in <span className="n">{Math.max(1, Math.round(verdict.millis))} ms</span>
          </span>
          <Dot />
          <span className="m tr">
            head <span className="n">{shortHash(verdict.head, 6)}</span>
          </span>
          {total > verdict.entries && (
            <>
              <Dot />
              <span className="m tr">
                <span className="n">{count(total - verdict.entries)}</span> newer
              </span>
            </>
          )}
        </>
      ) : (
        <>
          <Icon of={ShieldQuestion} />
          <span className="m tr">
            {error === null ? 'Checking the chain from its first entry' : `${error.message} ${error.hint}`}
          </span>
        </>
      )}
      <span className="sp" />
      <Button size="s" aria-disabled={busy} onClick={busy ? undefined : verify}>
        {busy ? 'Verifying' : 'Verify again'}
      </Button>
    </div>
  );
}

function Dot() {
  return (
    <span className="q" aria-hidden="true">
      ·
    </span>
  );
}
