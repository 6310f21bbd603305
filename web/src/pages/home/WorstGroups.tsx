import { Link } from '@tanstack/react-router';
import { useGroups } from '../../api/queries';
import { Empty, Loaded } from '../../parts/Loaded';
import { Panel } from '../../parts/Panel';
import { Table } from '../../parts/Table';
import { WhyEmpty } from '../../parts/WhyEmpty';
import { GROUP_COLUMNS } from '../lists/groupColumns';

const SHOWN = 8;
const AS_SENT = { column: '', descending: false };
const COLUMNS = GROUP_COLUMNS.filter(({ id }) => id !== 'members' && id !== 'age');

/** The groups that are worst off, as the server orders them. */
export function WorstGroups() {
  const query = useGroups({ limit: SHOWN });
  const all = (
    <Link to="/groups" className="quiet-link">
      All groups
    </Link>
  );
  return (
    <Panel title="Worst groups" actions={all} flush>
      <Loaded query={query}>
        {({ items }) => {
          const awake = items.filter((group) => !group.resting);
          return awake.length === 0 ? (
            <Empty title={items.length > 0 ? 'Every group rests' : 'No consumer groups'}>
              {items.length === 0 && <WhyEmpty of={{ event: 'KafkaConsumerGroupSample' }} />}
            </Empty>
          ) : (
            <Table
              caption="Consumer groups, worst first"
              columns={COLUMNS}
              rows={awake}
              rowKey={(group) => `${group.cluster}/${group.group}`}
              sort={AS_SENT}
              isStale={(group) => group.stale}
            />
          );
        }}
      </Loaded>
    </Panel>
  );
}
