import { type UseQueryResult, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { RequestError } from '../api/client';
import { formatInstant } from '../format/time';
import { useView } from '../url/useView';
import { AnsweredAt, useElapsedSecs } from './elapsed';
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
      <Slow>{skeleton}</Slow>
    );
  }
  return (
    <AnsweredAt value={query.dataUpdatedAt}>
      {query.error && <NotRefreshed since={query.dataUpdatedAt} error={query.error} />}
      {children(query.data)}
    </AnsweredAt>
  );
}

const SLOW_SECS = 3;

/** Says that a first load goes on, and lets it be given up. */
function Slow({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [startedAtMs] = useState(Date.now);
  const [isCancelled, setCancelled] = useState(false);
  return (
    <AnsweredAt value={startedAtMs}>
      <Waiting
        isCancelled={isCancelled}
        onCancel={() => {
          setCancelled(true);
          void client.cancelQueries({ predicate: ({ state }) => state.data === undefined });
        }}
        onRetry={() => {
          setCancelled(false);
          void client.refetchQueries({ predicate: ({ state }) => state.data === undefined });
        }}
      />
      {!isCancelled && children}
    </AnsweredAt>
  );
}

interface WaitingProps {
  isCancelled: boolean;
  onCancel: () => void;
  onRetry: () => void;
}

function Waiting({ isCancelled, onCancel, onRetry }: WaitingProps) {
  const secs = useElapsedSecs();
  if (isCancelled) {
    return (
      <Empty title="Cancelled">
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      </Empty>
    );
  }
  if (secs < SLOW_SECS) return null;
  return (
    <p className="note" role="status">
      Still working, {secs} s.{' '}
      <button type="button" className="link" onClick={onCancel}>
        Cancel
      </button>
    </p>
  );
}

/** What stands below is from an earlier answer. */
function NotRefreshed({ since, error }: { since: number; error: Error }) {
  const { view } = useView();
  return (
    <p className="note" role="status">
      Not refreshed since {formatInstant(since, view.timeZone)}: {error.message}. Showing what was
      known then.
    </p>
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
