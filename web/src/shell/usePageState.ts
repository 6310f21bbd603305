import { useMatches, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useClusters } from '../api/queries';
import type { Cluster } from '../api/types';

/** Title and icon of the tab carry the state of the fleet: operators keep it in a corner. */
export function usePageState() {
  const { cluster, group } = useParams({ strict: false }) as { cluster?: string; group?: string };
  const page = useMatches().at(-1)?.staticData.title ?? 'Fleet';
  const clusters = useClusters().data?.items;
  const { mark, icon } = tabState(clusters ?? []);
  useEffect(() => {
    document.title = `${mark}${group ?? cluster ?? page} · weir`;
    document.querySelector('link[rel=icon]')?.setAttribute('href', icon);
  }, [mark, icon, page, cluster, group]);
}

export function tabState(clusters: Cluster[]): { mark: string; icon: string } {
  const critical = clusters.filter((cluster) => cluster.status === 'critical').length;
  if (critical > 0) return { mark: `✖ ${critical} · `, icon: '/favicon-critical.svg' };
  const warning = clusters.filter((cluster) => cluster.status === 'warning').length;
  if (warning > 0) return { mark: `▲ ${warning} · `, icon: '/favicon-warning.svg' };
  return { mark: '', icon: '/favicon.svg' };
}
