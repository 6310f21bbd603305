import { useGroups } from '../../api/queries';
import { GROUP_COLUMNS } from './groupColumns';
import { ListPage } from './ListPage';

const MOST_LAG_FIRST = { column: 'lag', descending: true };

export function GroupsPage() {
  return (
    <ListPage
      title="Groups"
      noun="group"
      query={useGroups()}
      columns={GROUP_COLUMNS}
      defaultSort={MOST_LAG_FIRST}
      namesOf={(group) => [group.cluster, group.group]}
      isStale={(group) => group.stale}
    />
  );
}
