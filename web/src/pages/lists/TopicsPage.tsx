import { PageTitle } from '../../parts/PageTitle';
import { TopicsPanel } from './panels';

/** The topics of all clusters. */
export function TopicsPage() {
  return (
    <>
      <PageTitle title="Topics" />
      <TopicsPanel title="All topics" />
    </>
  );
}
