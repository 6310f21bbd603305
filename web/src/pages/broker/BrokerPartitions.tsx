import type { BrokerDetail, Partition } from '../../api/types';
import { AbnormalPartitions } from '../lists/AbnormalPartitions';
import { ALL, NOT_WELL, type PartitionFilter, PartitionsPanel } from '../lists/PartitionsPanel';
import { outOfSync } from '../lists/partitionColumns';

/** What the broker leads and follows, and what misses it. */
export function BrokerPartitions({ broker }: { broker: BrokerDetail }) {
  const { broker_id: id, partitions, abnormal_partitions: abnormal } = broker;
  if (partitions === null) {
    return (
      <AbnormalPartitions
        title="Partitions on it that are not well"
        partitions={abnormal}
        none={noneIsUnwell(broker)}
      />
    );
  }
  return <PartitionsPanel title="Partitions on it" partitions={partitions} filters={filters(id)} />;
}

function filters(id: string): PartitionFilter[] {
  const isLed = ({ leader }: Partition) => leader === id;
  return [
    ALL,
    { value: 'led', label: 'Led', keep: isLed },
    { value: 'followed', label: 'Followed', keep: (one) => !isLed(one) },
    NOT_WELL,
    {
      value: 'missed',
      label: 'Miss it',
      keep: (one) => outOfSync(one)?.includes(id) ?? false,
    },
  ];
}

/** Of a broker that is silent nobody can say that. */
export function noneIsUnwell(broker: Pick<BrokerDetail, 'stale' | 'broker_status'>): string {
  return broker.stale || broker.broker_status !== 'ONLINE'
    ? 'The broker gives no answer: what it holds is not known now'
    : 'Every partition with a replica on it is well';
}
