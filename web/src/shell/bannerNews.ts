/** The one thing that is worth a banner now: the worst. */

import type { Cluster, ServerStatus, Source } from '../api/types';
import { counted } from '../format/number';
import { withoutRepeats } from '../format/reasons';
import { formatAge } from '../format/time';

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
    worstFirst(sources.map((source) => failingNews(source, clusters))).at(0) ??
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

/** Where a cluster was seen before, nobody knows now whether it still is. */
function failingNews(source: Source, clusters: Cluster[]): News | null {
  if (source.state !== 'failing') return null;
  const dark = clusters.find(({ cluster, stale }) => stale && cluster === source.cluster);
  const why = withoutRepeats(source.last_error ?? `${source.target} did not respond`);
  return {
    severity: dark === undefined ? 'warning' : 'critical',
    subject: dark === undefined ? `Source ${source.name}` : `Cluster ${dark.cluster}`,
    text: dark === undefined ? `gives no answer: ${why}` : `${darkWords(dark)}: ${why}`,
    source: source.name,
  };
}

function darkWords({ age_secs: secs, offline_partitions: offline }: Cluster): string {
  const before = offline ? `, and had ${counted(offline, 'offline partition')}` : '';
  return `is silent since ${formatAge(secs)} ago${before}`;
}

function worstFirst(all: (News | null)[]): News[] {
  const news = all.filter((one) => one !== null);
  return news.sort((a, b) => Number(b.severity === 'critical') - Number(a.severity === 'critical'));
}
