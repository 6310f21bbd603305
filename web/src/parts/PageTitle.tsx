import { Fragment, type ReactNode } from 'react';
import { AnsweredAt } from './elapsed';

interface Props {
  title: string;
  status?: ReactNode;
  /** Said in one quiet line; the unknown ones are left out. */
  facts?: ReactNode[];
  /** When the server told the facts, in epoch milliseconds. */
  answeredAtMs?: number;
  /** At the far end, for going on. */
  actions?: ReactNode;
}

/** The heading of a page, its status, and a quiet line about it. */
export function PageTitle({ title, status, facts = [], answeredAtMs, actions }: Props) {
  return (
    <header className="page-title">
      <h1>{title}</h1>
      {status}
      <span className="lo">
        <AnsweredAt value={answeredAtMs ?? null}>
          {facts.filter(Boolean).map((fact, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: words without identity
            <Fragment key={at}>
              {at > 0 && ' · '}
              {fact}
            </Fragment>
          ))}
        </AnsweredAt>
      </span>
      {actions && <span className="actions">{actions}</span>}
    </header>
  );
}
