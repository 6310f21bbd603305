import { useParams } from '@tanstack/react-router';
import { quote } from '../../api/nrql';
import { useGroup } from '../../api/queries';
import type { GroupDetail } from '../../api/types';
import { NrqlChart } from '../../chart/NrqlChart';
import { counted, formatCount, isKnown } from '../../format/number';
import { formatAge } from '../../format/time';
import { Loaded, Skeleton } from '../../parts/Loaded';
import { facts, PageTitle } from '../../parts/PageTitle';
import { ReasonList } from '../../parts/Reasons';
import { Status } from '../../parts/Status';
import { GroupTiles } from './GroupTiles';
import { Partitions } from './Partitions';

/** Does this group keep up, and if not, where? */
export function GroupPage() {
  const { cluster, group } = useParams({ from: '/clusters/$cluster/groups/$group' });
  const detail = useGroup(cluster, group);
  const { data } = detail;
  const of = `WHERE clusterName = ${quote(cluster)} AND consumerGroup = ${quote(group)}`;
  return (
    <>
      <PageTitle title={group} status={data && <Status status={data.status} />}>
        {data && headline(data)}
      </PageTitle>
      <Loaded query={detail} skeleton={<Skeleton rows={6} />}>
        {(known) => (
          <>
            {known.stale && (
              <p className="note" role="status">
                The last sample is {formatAge(known.age_secs)} old: what follows is what was known
                then.
              </p>
            )}
            <ReasonList reasons={known.reasons} />
            <GroupTiles group={known} />
            <div className="pair">
              <NrqlChart
                title="Total lag"
                note="messages"
                query={`SELECT max(totalLag) FROM KafkaConsumerGroupSample ${of}`}
                seriesName="total lag"
                format={formatCount}
              />
              <NrqlChart
                title="Lag of the worst partitions"
                note="messages, worst 5"
                query={`SELECT max(consumerLag) FROM KafkaConsumerSample ${of} FACET topic, partition LIMIT 5`}
                format={formatCount}
              />
            </div>
            <Partitions group={known} busy={detail.isFetching} />
          </>
        )}
      </Loaded>
    </>
  );
}

function headline(group: GroupDetail): string {
  return facts(
    group.state,
    group.group_type && `${group.group_type} protocol`,
    isKnown(group.member_count) && counted(group.member_count, 'member'),
    group.assignor,
    group.coordinator_id && `coordinator ${group.coordinator_id}`,
    // Burrow's words, because operators know them.
    group.lag_status && `lag ${group.lag_status}`,
    group.abandoned === true && 'abandoned',
  );
}
