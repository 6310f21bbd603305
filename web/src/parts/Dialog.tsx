import { type ReactNode, useLayoutEffect, useRef } from 'react';

interface Props {
  name: string;
  className?: string;
  open: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** The browser's own modal: focus stays inside, Escape and a click on the backdrop close it. */
export function Dialog({ name, className, open, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Before the next key: what is typed right after the shortcut belongs into the dialog.
  useLayoutEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the browser's own way to close
    <dialog
      ref={dialog}
      className={className}
      aria-label={name}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      {open && <div className="dialog-body">{children}</div>}
    </dialog>
  );
}
