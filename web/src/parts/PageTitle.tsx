import type { ReactNode } from 'react';

type Fact = string | null | undefined | false;

interface Props {
  title: string;
  status?: ReactNode;
  /** Said in one quiet line; the unknown ones are left out. */
  facts?: Fact[];
  /** At the far end, for going on. */
  actions?: ReactNode;
}

/** The heading of a page, its status, and a quiet line about it. */
export function PageTitle({ title, status, facts = [], actions }: Props) {
  return (
    <header className="page-title">
      <h1>{title}</h1>
      {status}
      <span className="lo">{facts.filter(Boolean).join(' · ')}</span>
      {actions && <span className="actions">{actions}</span>}
    </header>
  );
}
