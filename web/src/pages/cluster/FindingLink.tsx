import { Link } from '@tanstack/react-router';
import type { ClusterDetail, Finding } from '../../api/types';
import { BrokerLink, TopicLink } from '../../parts/EntityLink';
import { findingTarget } from './findingTarget';

const VIEW = { brokers: 'View brokers', topics: 'View topics' };

export function FindingLink({ cluster, of }: { cluster: ClusterDetail; of: Finding }) {
  const target = findingTarget(cluster, of);
  const name = cluster.cluster;
  if (target.kind === 'broker') {
    return (
      <BrokerLink cluster={name} name={target.name}>
        Open broker {target.name}
      </BrokerLink>
    );
  }
  if (target.kind === 'topic') {
    return (
      <TopicLink cluster={name} name={target.name}>
        Open {target.name}
      </TopicLink>
    );
  }
  const { tab, only } = target;
  return (
    <Link to="/clusters/$cluster" params={{ cluster: name }} search={{ tab, only }}>
      {VIEW[tab]}
    </Link>
  );
}
