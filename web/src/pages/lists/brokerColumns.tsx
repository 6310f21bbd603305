import type { Broker } from '../../api/types';
import { formatBytes, formatMillis } from '../../format/number';
import * as column from '../../parts/columns';
import { BrokerLink } from '../../parts/EntityLink';
import { type Column, shownFrom } from '../../parts/Table';

/** A broker as a row: in the list and on its cluster's page. */
export const BROKER_COLUMNS: Column<Broker>[] = shownFrom<Broker>(
  [
    {
      id: 'broker',
      header: 'Broker',
      field: 'name',
      key: (broker) => broker.broker_id,
      cell: (broker) => (
        <>
          <BrokerLink cluster={broker.cluster} name={broker.broker_id} className="name" />
          {broker.is_controller && <span className="tag after">controller</span>}
        </>
      ),
    },
    column.cluster(),
    column.statusAndReasons(),
    column.health(),
    column.text('host', 'Host', (broker) => broker.host),
    column.text('rack', 'Rack', (broker) => broker.rack, 'broker.rack is not set'),
    column.figure({
      id: 'leaders',
      header: 'Leads',
      hint: 'Partitions it leads',
      of: (broker) => broker.leader_count,
      field: 'leader_count',
    }),
    column.figure({
      id: 'replicas',
      header: 'Replicas',
      hint: 'Replicas it holds',
      of: (broker) => broker.partition_count,
      field: 'partition_count',
    }),
    column.figure({
      id: 'under',
      header: 'Under-repl.',
      hint: 'Under-replicated partitions it leads',
      of: (broker) => broker.under_replicated_partitions,
      field: 'under_replicated_partitions',
      quietZero: true,
    }),
    column.figure({
      id: 'disk',
      header: 'Disk used',
      hint: 'Bytes of its log directories',
      of: (broker) => broker.disk_used_bytes,
      format: formatBytes,
      field: 'disk_used_bytes',
    }),
    column.figure({
      id: 'latency',
      header: 'Round trip',
      hint: 'Of a request of Weir',
      of: (broker) => broker.request_latency_ms,
      format: formatMillis,
      field: 'request_latency_ms',
    }),
    column.age(),
  ],
  {
    desktop: ['host', 'rack', 'health'],
    tablet: ['cluster', 'replicas', 'disk', 'latency', 'age'],
  },
);

export function brokerNames(broker: Broker): [string, string] {
  return [broker.cluster, broker.broker_id];
}
