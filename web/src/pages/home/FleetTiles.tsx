import { overRange } from '../../api/nrql';
import { useNrql } from '../../api/queries';
import type { Cluster } from '../../api/types';
import { addTrends } from '../../chart/series';
import { knownLagSecs } from '../../format/lag';
import { counted, formatCount, formatShort, isKnown } from '../../format/number';
import { Known } from '../../parts/Known';
import { LagTime } from '../../parts/Lag';
import { Tile, Tiles } from '../../parts/Tile';
import { formatBound } from '../../url/range';
import { useView } from '../../url/useView';
import { FLEET_HISTORY, fleetHistory, HISTORY_BUCKETS } from './fleetHistory';

interface Props {
  clusters: Cluster[];
  /** Clusters that are watched and of which nothing is known. */
  neverAnswered: number;
}

export function FleetTiles({ clusters, neverAnswered }: Props) {
  const { view } = useView();
  const { from, to } = view.range;
  const history = useNrql([FLEET_HISTORY, formatBound(from), formatBound(to)], (nowMs) =>
    overRange(FLEET_HISTORY, view.range, nowMs, HISTORY_BUCKETS),
  );
  const trends = history.data && fleetHistory(history.data, history.dataUpdatedAt);
  const critical = count(clusters, 'critical');
  const silent = count(clusters, 'stale');
  const unhealthy = critical + count(clusters, 'warning') + silent;
  const down = sum(clusters.map((cluster) => cluster.offline_brokers)) ?? 0;
  const old = clusters.filter((cluster) => cluster.stale).length;
  const oldNote = old > 0 && `${counted(old, 'cluster')} as last known`;
  const brokers = sum(clusters.map((cluster) => cluster.broker_count));
  const topics = sum(clusters.map((cluster) => cluster.topic_count));
  const lag = sum(clusters.map((cluster) => cluster.total_lag_messages));
  const behind = furthestBehind(clusters);
  return (
    <Tiles>
      <Tile
        label="Clusters"
        trend={trends?.clusters ?? []}
        tone={neverAnswered > 0 ? 'warning' : undefined}
        note={neverAnswered > 0 ? `${neverAnswered} never answered` : silentNote(silent)}
      >
        {formatCount(clusters.length)}
        {neverAnswered > 0 && <small> of {formatCount(clusters.length + neverAnswered)}</small>}
      </Tile>
      <Tile
        label="Unhealthy"
        trend={trends?.unhealthy ?? []}
        tone={critical > 0 ? 'critical' : unhealthy > 0 ? 'warning' : undefined}
        note={unwellNote(critical, silent)}
      >
        {formatCount(unhealthy)}
      </Tile>
      <Tile
        label="Brokers"
        trend={trends?.brokers ?? []}
        tone={down > 0 ? 'critical' : undefined}
        note={down > 0 ? `${formatCount(down)} not live` : oldNote}
      >
        <Known value={brokers}>
          {formatCount(brokers)}
          {down > 0 && <small> of {formatCount((brokers ?? 0) + down)}</small>}
        </Known>
      </Tile>
      <Tile
        label="Topics"
        trend={trends?.topics ?? []}
        note={counted(sum(clusters.map((cluster) => cluster.partition_count)) ?? 0, 'partition')}
      >
        <Known value={topics}>{formatCount(topics)}</Known>
      </Tile>
      <Tile
        label="Max lag time"
        trend={addTrends(clusters.map((cluster) => cluster.lag_trend))}
        note={isKnown(lag) && `${formatShort(lag)} msgs`}
      >
        <LagTime
          secs={behind?.max_lag_secs ?? null}
          method={behind?.lag_secs_method ?? null}
          why="no group has a committed offset, or only one poll was made"
        />
      </Tile>
    </Tiles>
  );
}

function unwellNote(critical: number, silent: number): string {
  return [critical > 0 && `${critical} critical`, silentNote(silent)].filter(Boolean).join(', ');
}

function silentNote(silent: number) {
  return silent > 0 && `${silent} silent`;
}

/** The cluster whose worst group is furthest behind in time. */
export function furthestBehind(clusters: Cluster[]): Cluster | undefined {
  return clusters
    .filter(({ max_lag_secs: secs, lag_secs_method: method }) =>
      isKnown(knownLagSecs(secs, method)),
    )
    .reduce<Cluster | undefined>(
      (worst, cluster) =>
        (cluster.max_lag_secs ?? 0) > (worst?.max_lag_secs ?? -1) ? cluster : worst,
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
