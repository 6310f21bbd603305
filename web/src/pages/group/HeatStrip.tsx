import { useState } from 'react';
import { overRange, quote } from '../../api/nrql';
import { useNrql } from '../../api/queries';
import type { GroupDetail } from '../../api/types';
import { Loaded, Skeleton } from '../../parts/Loaded';
import { Panel } from '../../parts/Panel';
import { Segmented } from '../../parts/Segmented';
import { WhyEmpty } from '../../parts/WhyEmpty';
import { formatBound } from '../../url/range';
import { useView } from '../../url/useView';
import { HeatCanvas } from './HeatCanvas';
import { hasHeat, heatOf } from './heat';

const BUCKETS = 24;
const PARTITIONS_MAX = 1000;
const TOPICS_SHOWN = 4;

/** Where and when the lag was: a column for each partition of one topic, a row for each moment. */
export function HeatStrip({ group }: { group: GroupDetail }) {
  const topics = [...new Set(group.partitions.map(({ topic }) => topic))];
  const [chosen, setChosen] = useState<string>();
  const topic = topics.includes(chosen ?? '') ? chosen : topics[0];
  const count = group.partitions.filter((partition) => partition.topic === topic).length;
  if (topic === undefined || count > PARTITIONS_MAX) return null;
  const choice = topics.length > 1 && (
    <Segmented
      name="Topic"
      options={topics.slice(0, TOPICS_SHOWN).map((value) => ({ value, label: value }))}
      value={topic}
      onChange={setChosen}
    />
  );
  return <Strip cluster={group.cluster} group={group.group} topic={topic} choice={choice} />;
}

interface StripProps {
  cluster: string;
  group: string;
  topic: string;
  choice: React.ReactNode;
}

function Strip({ cluster, group, topic, choice }: StripProps) {
  const { view } = useView();
  const { from, to } = view.range;
  const query = `SELECT max(consumerLagSeconds) AS lag FROM KafkaConsumerSample WHERE clusterName = ${quote(cluster)} AND consumerGroup = ${quote(group)} AND topic = ${quote(topic)} FACET partition LIMIT MAX`;
  const answer = useNrql([query, formatBound(from), formatBound(to)], (nowMs) =>
    overRange(query, view.range, nowMs, BUCKETS),
  );
  return (
    <Panel
      title="Lag time by partition"
      note={`${topic}: a column is a partition, the newest row is the lowest`}
      actions={choice}
    >
      <Loaded query={answer} skeleton={<Skeleton rows={1} height={220} />}>
        {(data) => {
          const heat = heatOf(data);
          if (hasHeat(heat)) return <HeatCanvas heat={heat} timeZone={view.timeZone} />;
          return (
            <div className="empty heat-empty">
              <p>No age of the lag in this range</p>
              <WhyEmpty
                of={{
                  event: 'KafkaConsumerSample',
                  attr: 'consumerLagSeconds',
                  cluster,
                  from_ms: data.metadata.begin_ms,
                  to_ms: data.metadata.end_ms,
                }}
                thing={`${group} on ${topic}`}
              />
            </div>
          );
        }}
      </Loaded>
    </Panel>
  );
}
