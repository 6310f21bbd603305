import type { Broker } from '../../api/types';
import { formatCount, formatMillis } from '../../format/number';
import { Age } from '../../parts/Age';
import { Known } from '../../parts/Known';
import { Status, statusRank } from '../../parts/Status';
import type { Column } from '../../parts/Table';

export const BROKER_COLUMNS: Column<Broker>[] = [
  {
    id: 'broker',
    header: 'Broker',
    key: (broker) => broker.broker_id,
    cell: (broker) => (
      <>
        <span className="name">{broker.broker_id}</span>
        {broker.is_controller && <span className="tag after">controller</span>}
      </>
    ),
  },
  {
    id: 'status',
    header: 'Status',
    key: (broker) => statusRank(broker.status),
    cell: (broker) => <Status status={broker.status} />,
  },
  text('host', 'Host', (broker) => broker.host),
  text('rack', 'Rack', (broker) => broker.rack),
  figure('leaders', 'Leads', (broker) => broker.leader_count, formatCount, 'Partitions it leads'),
  figure(
    'replicas',
    'Replicas',
    (broker) => broker.partition_count,
    formatCount,
    'Replicas it holds',
  ),
  figure(
    'under',
    'Under-repl.',
    (broker) => broker.under_replicated_partitions,
    formatCount,
    'Under-replicated partitions it leads',
  ),
  figure(
    'latency',
    'Round trip',
    (broker) => broker.request_latency_ms,
    formatMillis,
    'Of a request of Weir',
  ),
  {
    id: 'age',
    header: 'Age',
    hint: 'Since the newest sample',
    numeric: true,
    key: (broker) => broker.age_secs,
    cell: (broker) => <Age of={broker} />,
  },
];

function text(id: string, header: string, of: (broker: Broker) => string | null): Column<Broker> {
  return {
    id,
    header,
    key: of,
    cell: (broker) => (
      <Known value={of(broker)}>
        <span className="mono">{of(broker)}</span>
      </Known>
    ),
  };
}

function figure(
  id: string,
  header: string,
  of: (broker: Broker) => number | null,
  format: (value: number | null) => string,
  hint: string,
): Column<Broker> {
  return {
    id,
    header,
    hint,
    numeric: true,
    key: of,
    cell: (broker) => <Known value={of(broker)}>{format(of(broker))}</Known>,
  };
}
