import { RequestError } from '../api/client';
import { useClusters, useServerStatus } from '../api/queries';
import type { Cluster } from '../api/types';
import { formatAge } from '../format/time';

/** The only place that speaks of the connection: live, stale, or offline. */
export function FreshnessDot() {
  const status = useServerStatus();
  const clusters = useClusters();
  const { state, text } = freshness(connection(status), clusters.data?.items);
  return (
    <p className="freshness" data-state={state} role="status">
      <i aria-hidden="true" />
      {text}
    </p>
  );
}

type Connection = 'answers' | 'refuses' | 'lost';

function connection(status: { failureCount: number; failureReason: Error | null }): Connection {
  if (status.failureCount === 0) return 'answers';
  return status.failureReason instanceof RequestError && status.failureReason.status === 401
    ? 'refuses'
    : 'lost';
}

export function freshness(connection: Connection, clusters: Cluster[] | undefined) {
  if (connection === 'lost') return { state: 'offline', text: 'offline, retrying' };
  if (connection === 'refuses') return { state: 'waiting', text: 'signed out' };
  if (clusters === undefined) return { state: 'waiting', text: 'connecting' };
  if (clusters.length === 0) return { state: 'waiting', text: 'no data yet' };
  const newest = clusters.reduce((a, b) => (a.age_secs <= b.age_secs ? a : b));
  const age = formatAge(newest.age_secs);
  return newest.stale
    ? { state: 'stale', text: `stale ${age}` }
    : { state: 'live', text: `live ${age}` };
}
