import type { ReactNode } from 'react';

/** The heading of a page, its status, and a quiet line about it. */
export function PageTitle({
  title,
  status,
  children,
}: {
  title: string;
  status?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <header className="page-title">
      <h1>{title}</h1>
      {status}
      <span className="lo">{children}</span>
    </header>
  );
}

/** Facts in one line, the unknown ones left out. */
export function facts(...parts: (string | null | undefined | false)[]): string {
  return parts.filter(Boolean).join(' · ');
}
