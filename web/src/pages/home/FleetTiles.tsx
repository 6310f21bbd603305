import { overRange } from '../../api/nrql';
import { useNrql } from '../../api/queries';
import type { Cluster, Group } from '../../api/types';
import { addTrends } from '../../chart/series';
import { counted, formatCount, isKnown } from '../../format/number';
import { Known } from '../../parts/Known';
import { Tile, Tiles } from '../../parts/Tile';
import { formatBound } from '../../url/range';
import { useView } from '../../url/useView';
import { FLEET_HISTORY, fleetHistory, HISTORY_BUCKETS } from './fleetHistory';

export function FleetTiles({
  clusters,
  groups,
}: {
  clusters: Cluster[];
  groups: Group[] | undefined;
}) {
  const { view } = useView();
  const { from, to } = view.range;
  const history = useNrql([FLEET_HISTORY, formatBound(from), formatBound(to)], (nowMs) =>
    overRange(FLEET_HISTORY, view.range, nowMs, HISTORY_BUCKETS),
  );
  const trends = history.data && fleetHistory(history.data, history.dataUpdatedAt);
  const critical = count(clusters, 'critical');
  const unhealthy = critical + count(clusters, 'warning');
  const silent = count(clusters, 'stale');
  const brokers = sum(clusters.map((cluster) => cluster.broker_count));
  const topics = sum(clusters.map((cluster) => cluster.topic_count));
  const lag = worstLag(groups ?? []);
  return (
    <Tiles>
      <Tile label="Clusters" trend={trends?.clusters ?? []} note={silent > 0 && `${silent} silent`}>
        {formatCount(clusters.length)}
      </Tile>
      <Tile
        label="Unhealthy"
        trend={trends?.unhealthy ?? []}
        tone={critical > 0 ? 'critical' : unhealthy > 0 ? 'warning' : undefined}
        note={critical > 0 && `${critical} critical`}
      >
        {formatCount(unhealthy)}
      </Tile>
      <Tile label="Brokers" trend={trends?.brokers ?? []}>
        <Known value={brokers}>{formatCount(brokers)}</Known>
      </Tile>
      <Tile
        label="Topics"
        trend={trends?.topics ?? []}
        note={counted(sum(clusters.map((cluster) => cluster.partition_count)) ?? 0, 'partition')}
      >
        <Known value={topics}>{formatCount(topics)}</Known>
      </Tile>
      <Tile
        label="Max group lag"
        trend={lag ? lag.lag_trend : addTrends(clusters.map((cluster) => cluster.lag_trend))}
        note={lag?.group}
      >
        <Known value={lag?.total_lag_messages} why="no group has a committed offset">
          {formatCount(lag?.total_lag_messages)} <small>msgs</small>
        </Known>
      </Tile>
    </Tiles>
  );
}

/** The group that is furthest behind. */
export function worstLag(groups: Group[]): Group | undefined {
  return groups
    .filter((group) => isKnown(group.total_lag_messages) && group.abandoned !== true)
    .reduce<Group | undefined>(
      (worst, group) =>
        (group.total_lag_messages ?? 0) > (worst?.total_lag_messages ?? -1) ? group : worst,
      undefined,
    );
}

function count(clusters: Cluster[], status: Cluster['status']): number {
  return clusters.filter((cluster) => cluster.status === status).length;
}

/** Of what is known; unknown when nothing is. */
function sum(values: (number | null)[]): number | null {
  const known = values.filter(isKnown);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
}
