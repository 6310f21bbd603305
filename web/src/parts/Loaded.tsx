import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { RequestError } from '../api/client';
import { Marked } from './Marked';

interface Props<T> {
  query: UseQueryResult<T>;
  /** Has the size of what will stand there. */
  skeleton?: ReactNode;
  children: (data: T) => ReactNode;
}

/** Data as soon as there is any; before that a skeleton or the reason why not. */
export function Loaded<T>({ query, skeleton = <Skeleton rows={5} />, children }: Props<T>) {
  if (query.data === undefined) {
    return query.error ? (
      <ErrorNote error={query.error} onRetry={() => query.refetch()} />
    ) : (
      skeleton
    );
  }
  return (
    <>
      {query.error && (
        <p className="note">Could not refresh: {query.error.message}. Showing what was known.</p>
      )}
      {children(query.data)}
    </>
  );
}

/** Shown only when loading takes long enough to be noticed. */
export function Skeleton({ rows, height = 36 }: { rows: number; height?: number }) {
  return (
    <div className="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars without identity
        <span key={row} style={{ height }} />
      ))}
    </div>
  );
}

export function ErrorNote({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const hint = error instanceof RequestError ? error.body.hint : undefined;
  return (
    <div className="empty" role="alert">
      <p>
        <b>
          <Marked text={sentence(error.message)} />
        </b>
      </p>
      {hint && (
        <p>
          <Marked text={sentence(hint)} />
        </p>
      )}
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p>
        <b>{title}</b>
      </p>
      {children}
    </div>
  );
}

/** The server's messages are fragments: lowercase, no full stop. */
export function sentence(fragment: string): string {
  return fragment.charAt(0).toUpperCase() + fragment.slice(1);
}
