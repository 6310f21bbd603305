import { useState } from 'react';
import type { BrokerDetail, LogDir } from '../../api/types';
import { formatBytes, formatCount } from '../../format/number';
import * as column from '../../parts/columns';
import { Panel } from '../../parts/Panel';
import { Status, statusRank } from '../../parts/Status';
import { type Column, Table } from '../../parts/Table';
import { WhyEmpty } from '../../parts/WhyEmpty';

const BROKEN = 'a directory that is offline tells nothing';
const OLD = 'brokers tell it since Kafka 3.3';

const COLUMNS: Column<LogDir>[] = [
  column.text('path', 'Path', (dir) => dir.path),
  {
    id: 'status',
    header: 'Status',
    grows: true,
    key: (dir) => statusRank(dir.status),
    cell: ({ status, log_dir_status: state, error }) => (
      <Status status={status} word={state === 'OFFLINE' ? `Offline: ${error}` : undefined} />
    ),
  },
  column.figure({
    id: 'replicas',
    header: 'Replicas',
    of: (dir) => dir.replica_count,
    why: BROKEN,
  }),
  column.figure({
    id: 'used',
    header: 'Used',
    hint: 'Bytes of the replicas in it',
    of: (dir) => dir.used_bytes,
    format: formatBytes,
    why: BROKEN,
  }),
  column.figure({
    id: 'free',
    header: 'Free',
    hint: 'Room left on its volume, which other directories may share',
    of: (dir) => dir.free_bytes,
    format: formatBytes,
    why: OLD,
  }),
  column.figure({
    id: 'total',
    header: 'Volume',
    of: (dir) => dir.total_bytes,
    format: formatBytes,
    why: OLD,
  }),
];

/** What the broker keeps on which disk, and where one is broken. */
export function LogDirs({ broker }: { broker: BrokerDetail }) {
  const [sort, setSort] = useState({ column: 'status', descending: false });
  const { cluster, log_dirs: dirs } = broker;
  if (dirs.length === 0) {
    return (
      <Panel title="Log directories">
        <p className="lo">The broker has not told of its log directories.</p>
        <WhyEmpty of={{ event: 'KafkaLogDirSample', cluster }} />
      </Panel>
    );
  }
  return (
    <Panel title="Log directories" note={formatCount(dirs.length)} flush>
      <Table
        caption="Log directories"
        columns={COLUMNS}
        rows={dirs}
        rowKey={(dir) => dir.path}
        sort={sort}
        onSort={setSort}
        isStale={(dir) => dir.stale}
      />
    </Panel>
  );
}
