import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';

interface Props {
  /** What the button says. */
  label: ReactNode;
  /** What it is for, when the label alone does not say. */
  name: string;
  /** Shortcuts open the menu by this id. */
  id?: string;
  children: (close: () => void) => ReactNode;
}

/** A button that opens a small panel below itself; Escape, a click elsewhere or leaving closes it. */
export function Menu({ label, name, id, children }: Props) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panelId = useId();

  useEffect(() => {
    if (!open) return;
    const closeOutside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', closeOutside);
    document.addEventListener('focusin', closeOutside);
    return () => {
      document.removeEventListener('pointerdown', closeOutside);
      document.removeEventListener('focusin', closeOutside);
    };
  }, [open]);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !open) return;
    event.stopPropagation();
    close();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only listens for Escape from inside
    <div className="menu" ref={root} onKeyDown={onKeyDown}>
      <button
        type="button"
        className="button"
        id={id}
        ref={button}
        aria-expanded={open}
        aria-controls={panelId}
        aria-label={name}
        title={name}
        onClick={() => setOpen(!open)}
      >
        {label}
        <svg className="chevron" viewBox="0 0 10 6" width="9" height="6" aria-hidden="true">
          <path d="m1 1 4 4 4-4" />
        </svg>
      </button>
      <div className="menu-panel" id={panelId} hidden={!open}>
        {open && children(close)}
      </div>
    </div>
  );
}
