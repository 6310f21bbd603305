import { maxLagTime, quote } from '../../api/nrql';
import { NrqlChart } from '../../chart/NrqlChart';

/** The lag of a group over time, by its age and by its messages. */
export function GroupCharts({ cluster, group }: { cluster: string; group: string }) {
  const of = `WHERE clusterName = ${quote(cluster)} AND consumerGroup = ${quote(group)}`;
  return (
    <div className="pair">
      <NrqlChart
        title="Lag time"
        note="worst 5 partitions"
        query={`SELECT ${maxLagTime('consumerLagSeconds')} FROM KafkaConsumerSample ${of} FACET topic, partition LIMIT 5`}
        about={{ event: 'KafkaConsumerSample', attr: 'consumerLagSeconds', cluster }}
        thing={group}
        unit="seconds"
      />
      <NrqlChart
        title="Total lag"
        note="messages"
        query={`SELECT max(totalLag) FROM KafkaConsumerGroupSample ${of}`}
        about={{ event: 'KafkaConsumerGroupSample', attr: 'totalLag', cluster }}
        thing={group}
        seriesName="total lag"
        unit="count"
      />
    </div>
  );
}
