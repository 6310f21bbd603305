/** The one thing that is worth a banner now: the worst. */

import type { Cluster, ServerStatus, Source } from '../api/types';
import { counted } from '../format/number';

export interface News {
  severity: 'critical' | 'warning';
  /** Stands in bold before the sentence. */
  subject: string;
  text: string;
  cluster?: string;
  /** The source that is spoken of. */
  source?: string;
}

export function worstNews(
  status: ServerStatus | undefined,
  clusters: Cluster[],
  sources: Source[],
): News | null {
  return (
    storeNews(status) ??
    clusters.map(offlineNews).find((news) => news !== null) ??
    sources.map(failingNews).find((news) => news !== null) ??
    null
  );
}

function storeNews(status: ServerStatus | undefined): News | null {
  if (status === undefined || status.store.writable) return null;
  return { severity: 'critical', subject: 'Nothing is stored', text: status.store.state };
}

function offlineNews(cluster: Cluster): News | null {
  const offline = cluster.offline_partitions ?? 0;
  if (offline === 0 || cluster.stale) return null;
  const text = `has ${counted(offline, 'offline partition')}: ${offline === 1 ? 'it' : 'they'} can be neither read nor written`;
  return { severity: 'critical', subject: cluster.cluster, text, cluster: cluster.cluster };
}

function failingNews(source: Source): News | null {
  if (source.state !== 'failing') return null;
  const text = `gives no answer: ${source.last_error ?? `${source.target} did not respond`}`;
  return { severity: 'warning', subject: `Source ${source.name}`, text, source: source.name };
}
