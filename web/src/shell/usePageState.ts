import { useMatches, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useClusters } from '../api/queries';
import type { Cluster } from '../api/types';
import { type EntityParams, thingName } from './entity';

/** Title and icon of the tab carry the state of the fleet: operators keep it in a corner. */
export function usePageState() {
  const params = useParams({ strict: false }) as EntityParams;
  const page = useMatches().at(-1)?.staticData.title ?? 'Fleet';
  const clusters = useClusters().data?.items;
  const name = thingName(params) ?? params.cluster ?? page;
  const { mark, icon } = tabState(clusters ?? []);
  useEffect(() => {
    document.title = `${mark}${name} · weir`;
    document.querySelector('link[rel=icon]')?.setAttribute('href', icon);
  }, [mark, icon, name]);
}

export function tabState(clusters: Cluster[]): { mark: string; icon: string } {
  const critical = clusters.filter((cluster) => cluster.status === 'critical').length;
  if (critical > 0) return { mark: `✖ ${critical} · `, icon: '/favicon-critical.svg' };
  const warning = clusters.filter((cluster) => cluster.status === 'warning').length;
  const silent = clusters.filter((cluster) => cluster.status === 'stale').length;
  if (warning + silent > 0) {
    const shape = warning > 0 ? '▲' : '▨';
    return { mark: `${shape} ${warning + silent} · `, icon: '/favicon-warning.svg' };
  }
  return { mark: '', icon: '/favicon.svg' };
}
