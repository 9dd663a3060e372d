import type { LucideIcon } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import { Problem } from './Problem.tsx';
import { useAct } from './useAct.ts';

interface ConfirmDialogProps {
  readonly title: string;
  /** What it means, before it is done. */
  readonly children: ReactNode;
  /** What else a person should know, one sentence a line. */
  readonly facts: readonly string[];
  /** What the button says, and what it says while it is being done. */
  readonly action: string;
  readonly doing: string;
  readonly act: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly cancel?: string;
  /** Cannot be undone: it looks so, and Enter alone does not do it. */
  readonly final?: LucideIcon;
}

/** Where the focus goes first. */
const FIRST = { 'data-first': true } as const;

/** A question before something that is not done lightly. It closes when it is done; what fails is said in it. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, children, facts, action, doing, act, onClose, cancel = 'Cancel', final } = props;
  const { busy, error, run } = useAct();
  const begun = useRef(false);
  const confirm = () => {
    if (begun.current) return;
    begun.current = true;
    void run(async () => {
      await act();
      onClose();
    }).finally(() => {
      begun.current = false;
    });
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      closable={!busy}
      footer={
        <>
          <Button
            variant="ghost"
            onClick={() => busy || onClose()}
            aria-disabled={busy}
            {...(final && FIRST)}
          >
            {cancel}
          </Button>
          <Button
            variant={final === undefined ? 'primary' : 'final'}
            icon={final}
            onClick={confirm}
            aria-disabled={busy}
            {...(final === undefined && FIRST)}
          >
            {busy ? doing : action}
          </Button>
        </>
      }
    >
      <p>{children}</p>
      <ul className="dialog-facts m">
        {facts.map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
      <Problem error={error} />
    </Dialog>
  );
}
