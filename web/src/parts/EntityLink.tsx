/** Links to the pages of Kafka's things. */

import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

interface Props {
  cluster: string;
  name: string;
  className?: string;
  children?: ReactNode;
}

export function ClusterLink({ cluster, className }: { cluster: string; className?: string }) {
  return (
    <Link to="/clusters/$cluster" params={{ cluster }} className={className}>
      {cluster}
    </Link>
  );
}

export function BrokerLink({ cluster, name, className, children = name }: Props) {
  return (
    <Link
      to="/clusters/$cluster/brokers/$broker"
      params={{ cluster, broker: name }}
      className={className}
    >
      {children}
    </Link>
  );
}

export function TopicLink({ cluster, name, className, children = name }: Props) {
  return (
    <Link
      to="/clusters/$cluster/topics/$topic"
      params={{ cluster, topic: name }}
      className={className}
    >
      {children}
    </Link>
  );
}

export function GroupLink({ cluster, name, className, children = name }: Props) {
  return (
    <Link
      to="/clusters/$cluster/groups/$group"
      params={{ cluster, group: name }}
      className={className}
    >
      {children}
    </Link>
  );
}
