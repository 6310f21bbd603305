import { type ReactNode, useId } from 'react';

interface Props {
  title: string;
  /** Beside the title, quiet. */
  note?: ReactNode;
  actions?: ReactNode;
  /** Draws the progress line on the top edge; what is shown stays. */
  busy?: boolean;
  /** Without inner space, for tables. */
  flush?: boolean;
  children: ReactNode;
}

/** A titled area of a page. */
export function Panel({ title, note, actions, busy = false, flush = false, children }: Props) {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id} data-busy={busy} data-flush={flush}>
      <header>
        <h2 id={id}>{title}</h2>
        {note && <span className="lo">{note}</span>}
        {actions && <span className="actions">{actions}</span>}
      </header>
      <div className="panel-body">{children}</div>
    </section>
  );
}
