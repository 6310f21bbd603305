import type { QueryAnswer } from '../../api/types';
import { isKnown } from '../../format/number';

/** How the fleet's numbers came to be what they are; read by the tiles. */
export const FLEET_HISTORY =
  'SELECT latest(brokerCount) AS brokers, latest(topicCount) AS topics, max(offlinePartitions) AS offline, ' +
  'max(underReplicatedPartitions) AS underReplicated FROM KafkaClusterSample FACET clusterName';

export interface FleetHistory {
  clusters: (number | null)[];
  unhealthy: (number | null)[];
  brokers: (number | null)[];
  topics: (number | null)[];
}

/** As many as a sparkline can show, and long enough that every cluster is sampled in each. */
export const HISTORY_BUCKETS = 30;

/**
 * Adds the clusters up, bucket by bucket; a bucket without any sample is unknown. The bucket that
 * is not over at `nowMs` is left out: in it some clusters may not have been sampled yet.
 */
export function fleetHistory(answer: QueryAnswer, nowMs: number): FleetHistory {
  const whole = answer.results.filter((row) => Number(row.endTimeSeconds) * 1000 <= nowMs);
  const times = [...new Set(whole.map((row) => Number(row.beginTimeSeconds)))].sort(
    (a, b) => a - b,
  );
  const history: FleetHistory = { clusters: [], unhealthy: [], brokers: [], topics: [] };
  for (const time of times) {
    const rows = whole.filter((row) => row.beginTimeSeconds === time && isNumber(row.brokers));
    const total = (of: (row: Record<string, unknown>) => number) =>
      rows.length === 0 ? null : rows.reduce((sum, row) => sum + of(row), 0);
    history.clusters.push(total(() => 1));
    history.unhealthy.push(
      total((row) => Number(number(row.offline) + number(row.underReplicated) > 0)),
    );
    history.brokers.push(total((row) => number(row.brokers)));
    history.topics.push(total((row) => number(row.topics)));
  }
  return history;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && isKnown(value);
}

function number(value: unknown): number {
  return isNumber(value) ? value : 0;
}
