import { Popover as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { useFloatHost } from './Dialog.tsx';
import './menu.css';

interface PopoverProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly trigger: ReactNode;
  readonly label: string;
  readonly align?: 'start' | 'center' | 'end';
  readonly side?: 'top' | 'bottom';
  readonly className?: string;
  /** Where the focus goes when it closes; to the trigger without it. */
  readonly onClosed?: (() => void) | undefined;
  readonly children: ReactNode;
}

/** A small panel at a button, with its own focus; Esc and a press outside close it. Not modal, as menus are not. */
export function Popover({
  open,
  onOpenChange,
  trigger,
  label,
  align = 'start',
  side = 'bottom',
  className,
  onClosed,
  children,
}: PopoverProps) {
  const host = useFloatHost();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange} modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal {...(host === undefined ? {} : { container: host })}>
        <Radix.Content
          className={['float popover', className].filter(Boolean).join(' ')}
          aria-label={label}
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            if (onClosed === undefined) return;
            event.preventDefault();
            onClosed();
          }}
          onKeyDown={(event) => event.stopPropagation()}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
