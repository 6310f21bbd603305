import { useTopics } from '../../api/queries';
import { ListPage } from './ListPage';
import { TOPIC_COLUMNS } from './topicColumns';

const WORST_FIRST = { column: 'status', descending: false };

export function TopicsPage() {
  return (
    <ListPage
      title="Topics"
      noun="topic"
      query={useTopics()}
      columns={TOPIC_COLUMNS}
      defaultSort={WORST_FIRST}
      namesOf={(topic) => [topic.cluster, topic.topic]}
      isStale={(topic) => topic.stale}
    />
  );
}
