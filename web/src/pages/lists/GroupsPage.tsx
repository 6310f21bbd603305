import { PageTitle } from '../../parts/PageTitle';
import { GroupsPanel } from './panels';

/** The consumer groups of all clusters. */
export function GroupsPage() {
  return (
    <>
      <PageTitle title="Groups" />
      <GroupsPanel title="All groups" />
    </>
  );
}
