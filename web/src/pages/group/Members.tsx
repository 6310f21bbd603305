import type { GroupDetail, Member } from '../../api/types';
import * as column from '../../parts/columns';
import { Known } from '../../parts/Known';
import { Empty } from '../../parts/Loaded';
import { Panel } from '../../parts/Panel';
import { type Column, Table } from '../../parts/Table';
import { useUrlSort } from '../../parts/useSort';
import { WhyEmpty } from '../../parts/WhyEmpty';

const BY_CLIENT = { column: 'client', descending: false };

/** Who consumes, and how the partitions are shared out. */
export function Members({ group }: { group: GroupDetail }) {
  const { sort, onSort } = useUrlSort(COLUMNS, BY_CLIENT);
  const { members, cluster } = group;
  return (
    <Panel title="Members" note={members.length > 0 && `${members.length}`} flush>
      {members.length === 0 ? (
        <Empty title={group.member_count === 0 ? 'Nobody consumes now' : 'No member is known'}>
          {group.member_count !== 0 && (
            <WhyEmpty of={{ event: 'KafkaConsumerMemberSample', cluster }} />
          )}
        </Empty>
      ) : (
        <Table
          caption={`Members of ${group.group}`}
          columns={COLUMNS}
          rows={members}
          rowKey={(member) => member.member_id}
          sort={sort}
          onSort={onSort}
          isStale={(member) => member.stale}
        />
      )}
    </Panel>
  );
}

const COLUMNS: Column<Member>[] = [
  {
    id: 'client',
    header: 'Client',
    key: (member) => member.client_id,
    cell: (member) => (
      <Known value={member.client_id} why="it named no client.id">
        <span className="name">{member.client_id}</span>
      </Known>
    ),
  },
  column.text('host', 'Host', (member) => member.client_host),
  column.figure({
    id: 'assigned',
    header: 'Partitions',
    hint: 'Assigned to it',
    of: (member) => member.assigned_partitions,
    quietZero: true,
  }),
  column.text('type', 'Protocol', (member) => member.member_type),
  {
    id: 'member',
    header: 'Member id',
    grows: true,
    key: (member) => member.member_id,
    cell: (member) => (
      <span className="mono lo reason" title={member.member_id}>
        {member.member_id}
      </span>
    ),
  },
  column.age(),
];
