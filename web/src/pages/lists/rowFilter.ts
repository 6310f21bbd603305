/** What a list can be narrowed to besides a text, by one word in the URL. */

import type { ListQuery } from '../../api/queries';
import type { Freshness, Group, Status, Topic } from '../../api/types';

export interface RowFilter<Row> {
  /** Stands in the URL. */
  value: string;
  label: string;
  keep: (row: Row) => boolean;
  /** What puts such rows among those the server sends of a list that is too long. */
  ask?: Pick<ListQuery, 'status' | 'sort'>;
}

type Judged = Freshness & { status: Status };

const ofStatus = (status: Status, label: string): RowFilter<Judged> => ({
  value: status,
  label,
  keep: (row) => row.status === status || (status === 'stale' && row.stale),
  ask: { status },
});

export const STATUS_FILTERS: RowFilter<Judged>[] = [
  ofStatus('critical', 'Critical'),
  ofStatus('warning', 'Warning'),
  ofStatus('stale', 'Silent'),
];

const some = (count: number | null) => (count ?? 0) > 0;

export const TOPIC_FILTERS: RowFilter<Topic>[] = [
  {
    value: 'offline',
    label: 'Offline partitions',
    keep: (topic) => some(topic.offline_partitions),
    ask: { sort: '-offline_partitions' },
  },
  {
    value: 'under-min-isr',
    label: 'Under min ISR',
    keep: (topic) => some(topic.under_min_isr_partitions),
    ask: { status: 'critical' },
  },
  {
    value: 'under-replicated',
    label: 'Under-replicated',
    keep: (topic) => some(topic.under_replicated_partitions),
    ask: { sort: '-under_replicated_partitions' },
  },
  {
    value: 'lag',
    label: 'With lag',
    keep: (topic) => topic.worst_groups.some((group) => some(group.lag_messages)),
  },
  {
    value: 'own',
    label: 'Without internal',
    keep: ({ topic }) => !topic.startsWith('_'),
  },
];

export const GROUP_FILTERS: RowFilter<Group>[] = [
  {
    value: 'lag',
    label: 'With lag',
    keep: (group) => some(group.total_lag_messages),
    ask: { sort: '-total_lag_messages' },
  },
];

/** The one of this word; `undefined` for a word nobody knows, which leaves nothing out. */
export function filterOf<Row>(filters: RowFilter<Row>[], word: string | undefined) {
  return filters.find(({ value }) => value === word);
}
