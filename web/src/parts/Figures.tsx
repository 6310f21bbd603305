import type { ReactNode } from 'react';

/** Facts of second rank, in one quiet line of names and values. */
export function Figures({ children }: { children: ReactNode }) {
  return <dl className="figures">{children}</dl>;
}

export function Figure({
  label,
  tone,
  children,
}: {
  label: string;
  tone?: 'critical' | 'warning';
  children: ReactNode;
}) {
  return (
    <div data-tone={tone}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
