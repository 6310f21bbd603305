import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Group, List } from '../../api/types';
import { Empty, Loaded } from '../../parts/Loaded';
import { Panel } from '../../parts/Panel';
import { Table } from '../../parts/Table';
import { GROUP_COLUMNS } from '../lists/groupColumns';

const SHOWN = 8;
const MOST_FIRST = { column: 'lag', descending: true };
const COLUMNS = GROUP_COLUMNS.filter((column) => column.id !== 'topics' && column.id !== 'age');

/** The groups that are furthest behind. */
export function LaggingGroups({ query }: { query: UseQueryResult<List<Group>> }) {
  const all = (
    <Link to="/groups" className="quiet-link">
      All groups
    </Link>
  );
  return (
    <Panel title="Most lagging groups" actions={all} flush>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No consumer groups">
              <p>None of the clusters has one that this source may see.</p>
            </Empty>
          ) : (
            <Table
              caption="Consumer groups with the most lag"
              columns={COLUMNS}
              rows={mostLagging(items)}
              rowKey={(group) => `${group.cluster}/${group.group}`}
              sort={MOST_FIRST}
              isStale={(group) => group.stale}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}

function mostLagging(groups: Group[]): Group[] {
  return groups
    .filter((group) => group.abandoned !== true)
    .sort((a, b) => (b.total_lag_messages ?? -1) - (a.total_lag_messages ?? -1))
    .slice(0, SHOWN);
}
