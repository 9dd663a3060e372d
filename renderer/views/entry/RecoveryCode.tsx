import './entry.css';
import { Copy, Printer } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { copyText } from '../../components/copy.ts';
import { Field, Input } from '../../components/Field.tsx';
import { codeGroups, sameGroup } from './passphrase.ts';

/** One group of the code is asked for, so that nobody clicks past it. */
export function useCodeCheck(code: string) {
  const groups = useMemo(() => codeGroups(code), [code]);
  const [asked] = useState(() => Math.floor(Math.random() * groups.length));
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const right = sameGroup(typed, groups[asked]);
  return {
    groups,
    asked,
    typed,
    wrong: tried && !right,
    type: (text: string) => {
      setTyped(text);
      setTried(false);
    },
    /** The person goes on: true when the group is right, otherwise it is called wrong from now on. */
    passed: () => {
      setTried(true);
      return right;
    },
  };
}

interface RecoveryCodeProps {
  readonly code: string;
  readonly device: string;
  readonly check: ReturnType<typeof useCodeCheck>;
}

/** The code in its groups, the ways to keep it, and the question about one of them. */
export function RecoveryCode({ code, device, check }: RecoveryCodeProps) {
  const [copied, setCopied] = useState(false);
  const number = check.asked + 1;
  return (
    <>
      <div className="on-paper">
        <p className="b">Roadbook recovery code, {device}</p>
      </div>
      <ol className="code" aria-label="Recovery code">
        {check.groups.map((group, index) => (
          // Groups may be equal by chance; their place is what tells them apart.
          // biome-ignore lint/suspicious/noArrayIndexKey: fixed list
          <li key={index} data-asked={index === check.asked ? '' : undefined}>
            <span className="n q f11">{index + 1}</span>
            <span className="n">{group}</span>
          </li>
        ))}
      </ol>
      <div className="row not-on-paper">
        <Button icon={Copy} onClick={() => setCopied(copyText(code))}>
          {copied ? 'Copied' : 'Copy'}
        </Button>
        <Button icon={Printer} onClick={() => window.print()}>
          Print
        </Button>
      </div>
      <div className="not-on-paper">
        <Field
          label={`Type group ${number} to show that you have it`}
          error={check.wrong ? `This is not group ${number} of the code.` : undefined}
        >
          {(control) => (
            <Input
              {...control}
              size="l"
              figures
              maxLength={12}
              value={check.typed}
              onChange={(event) => check.type(event.target.value)}
            />
          )}
        </Field>
      </div>
    </>
  );
}
