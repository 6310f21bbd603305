import { useParams, useSearch } from '@tanstack/react-router';
import { useGroup } from '../../api/queries';
import type { GroupDetail } from '../../api/types';
import { verdictWords } from '../../format/lag';
import { counted, isKnown } from '../../format/number';
import { Findings } from '../../parts/Findings';
import { Loaded, Skeleton } from '../../parts/Loaded';
import { PageTitle } from '../../parts/PageTitle';
import { HealthStatus, StaleNote, Updated } from '../../parts/State';
import { readTab, Tabs } from '../../parts/Tabs';
import { GroupCharts } from './GroupCharts';
import { GroupTiles } from './GroupTiles';
import { HeatStrip } from './HeatStrip';
import { Members } from './Members';
import { Partitions } from './Partitions';
import { groupTabs } from './tabs';

/** Does this group keep up, and if not, where? */
export function GroupPage() {
  const { cluster, group } = useParams({ from: '/clusters/$cluster/groups/$group' });
  const { tab: text } = useSearch({ from: '/clusters/$cluster/groups/$group' });
  const detail = useGroup(cluster, group);
  const { data } = detail;
  const tabs = groupTabs(data);
  const tab = readTab(text, tabs);
  return (
    <>
      <PageTitle
        title={group}
        status={data && <HealthStatus of={data} />}
        facts={headline(data)}
        answeredAtMs={detail.dataUpdatedAt}
      />
      <Loaded query={detail} skeleton={<Skeleton rows={3} height={76} />}>
        {(known) => (
          <>
            <StaleNote of={known} />
            <Findings of={known} />
            <GroupTiles group={known} />
            <Tabs name="Parts of the group" tabs={tabs} />
            {tab === 'members' ? (
              <Members group={known} />
            ) : (
              <>
                <GroupCharts cluster={cluster} group={group} />
                <HeatStrip group={known} />
                <Partitions group={known} busy={detail.isFetching} />
              </>
            )}
          </>
        )}
      </Loaded>
    </>
  );
}

function headline(group: GroupDetail | undefined) {
  if (group === undefined) return [];
  return [
    verdict(group.lag_status),
    group.state,
    group.group_type && `${group.group_type} protocol`,
    isKnown(group.member_count) && counted(group.member_count, 'member'),
    group.assignor,
    group.coordinator_id && `coordinator ${group.coordinator_id}`,
    group.abandoned === true && 'abandoned',
    <Updated key="updated" of={group} />,
  ];
}

/** Burrow's word, because operators know it, with its plain sentence. */
function verdict(word: string | null): string | null {
  const words = word === null ? null : verdictWords(word);
  return words === null ? word : `${word}: ${words.sentence}`;
}
