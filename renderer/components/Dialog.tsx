import './dialog.css';
import { X } from 'lucide-react';
import { createContext, type ReactNode, useContext, useEffect, useId, useRef, useState } from 'react';
import { IconButton } from './Button.tsx';

const FloatHost = createContext<HTMLElement | null>(null);

/** Where menus and popovers go: into the open dialog, which is above everything else, or into the page. */
export function useFloatHost(): HTMLElement | undefined {
  return useContext(FloatHost) ?? undefined;
}

/** Lets everything below put its menus into that element, so that they stay inside a landmark. */
export function FloatArea({
  host,
  children,
}: {
  readonly host: HTMLElement | null;
  readonly children: ReactNode;
}) {
  return <FloatHost value={host}>{children}</FloatHost>;
}

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons, right-aligned, the primary one last. */
  readonly footer?: ReactNode;
  readonly width?: number;
  /** False while closing would lose something that is being written. */
  readonly closable?: boolean;
}

/** A question that must be answered first. The platform's own modal dialog: focus, inertness and Esc come with it. */
export function Dialog({ title, onClose, children, footer, width = 440, closable = true }: DialogProps) {
  const titleId = useId();
  return (
    <Modal label={titleId} onClose={onClose} closable={closable} className="dialog" width={width}>
      <header className="dialog-head">
        <h2 id={titleId} className="bb f15">
          {title}
        </h2>
        <span className="sp" />
        {closable && <IconButton icon={X} label="Close" size="s" onClick={onClose} />}
      </header>
      <div className="dialog-body">{children}</div>
      {footer !== undefined && <footer className="dialog-foot">{footer}</footer>}
    </Modal>
  );
}

interface ModalProps {
  /** Id of the element that names it, or the name itself in `name`. */
  readonly label?: string;
  readonly name?: string;
  readonly onClose: () => void;
  readonly closable?: boolean;
  readonly className: string;
  readonly width: number;
  readonly children: ReactNode;
}

/** The bare modal: scrim, focus kept inside, Esc and a press outside close it, focus goes back to where it was. */
export function Modal({ label, name, onClose, closable = true, className, width, children }: ModalProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const [host, setHost] = useState<HTMLElement | null>(null);
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return;
    const before = document.activeElement;
    dialog.showModal();
    // The first thing to fill in or to press, rather than the button that closes.
    dialog.querySelector<HTMLElement>('input, select, textarea, [data-first]')?.focus();
    setHost(dialog);
    return () => {
      dialog.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className={`modal ${className}`}
      style={{ width }}
      aria-labelledby={label}
      aria-label={name}
      onCancel={(event) => {
        event.preventDefault();
        if (closable) onClose();
      }}
      onMouseDown={(event) => {
        // The scrim belongs to the dialog element itself; its content lies in children.
        if (event.target === ref.current && closable) onClose();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <FloatHost value={host}>{children}</FloatHost>
    </dialog>
  );
}
