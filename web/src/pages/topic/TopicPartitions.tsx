import type { TopicDetail } from '../../api/types';
import { counted } from '../../format/number';
import { AbnormalPartitions } from '../lists/AbnormalPartitions';
import { ALL, NOT_WELL, PartitionsPanel } from '../lists/PartitionsPanel';
import { Balance } from './Balance';

/** All partitions where they are known one by one, else those that are not well. */
export function TopicPartitions({ topic }: { topic: TopicDetail }) {
  const { partitions, abnormal_partitions: abnormal } = topic;
  if (partitions === null || partitions.items.length === 0) {
    return (
      <AbnormalPartitions
        title="Partitions that are not well"
        partitions={abnormal}
        none={allWell(topic)}
        without={['topic']}
      />
    );
  }
  return (
    <>
      <Balance partitions={partitions.items} />
      <PartitionsPanel
        title="Partitions"
        partitions={partitions}
        filters={[ALL, NOT_WELL]}
        without={['topic']}
      />
    </>
  );
}

function allWell({ partition_count: count }: TopicDetail): string {
  return count === null
    ? 'No partition is known to be unwell'
    : `All ${counted(count, 'partition')} are well`;
}
