import { useState } from 'react';

interface Props {
  /** What it does; the thing it does it to is said too for those who can't see where it stands. */
  label: string;
  thing: string;
  disabled?: boolean;
  onSure: () => void;
}

/** For what can't be undone: the first click asks, the second does; looking away takes it back. */
export function SureButton({ label, thing, disabled = false, onSure }: Props) {
  const [sure, setSure] = useState(false);
  return (
    <button
      type="button"
      className="link"
      disabled={disabled}
      onClick={() => (sure ? onSure() : setSure(true))}
      onBlur={() => setSure(false)}
    >
      {sure ? `Really ${label.toLowerCase()}` : label}
      <span className="hidden"> {thing}</span>
    </button>
  );
}
