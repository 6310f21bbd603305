import type { GroupDetail } from '../../api/types';
import type { Tab } from '../../parts/Tabs';

export type GroupTab = 'overview' | 'members';

export function groupTabs(group: GroupDetail | undefined): Tab<GroupTab>[] {
  return [
    { value: 'overview', label: 'Overview' },
    { value: 'members', label: 'Members', count: group?.member_count },
  ];
}
