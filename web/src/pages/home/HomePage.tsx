import { useClusters, useGroups, useSources } from '../../api/queries';
import { NrqlChart } from '../../chart/NrqlChart';
import { counted, formatCount, formatPerSecond } from '../../format/number';
import { Loaded, Skeleton } from '../../parts/Loaded';
import { facts, PageTitle } from '../../parts/PageTitle';
import { FirstRun } from './FirstRun';
import { FleetTable } from './FleetTable';
import { FleetTiles } from './FleetTiles';
import { LaggingGroups } from './LaggingGroups';

/** Is anything wrong, where, and is it getting worse? */
export function HomePage() {
  const clusters = useClusters();
  const sources = useSources();
  const groups = useGroups();
  const items = clusters.data?.items ?? [];
  const environments = new Set(items.map((cluster) => cluster.environment).filter(Boolean));
  return (
    <>
      <PageTitle title="Fleet">
        {items.length > 0 &&
          facts(
            counted(items.length, 'cluster'),
            environments.size > 1 && counted(environments.size, 'environment'),
          )}
      </PageTitle>
      <Loaded query={clusters} skeleton={<Skeleton rows={6} />}>
        {({ items, truncated }) =>
          items.length === 0 ? (
            <FirstRun sources={sources.data?.items} />
          ) : (
            <>
              <FleetTiles clusters={items} groups={groups.data?.items} />
              <FleetTable clusters={items} truncated={truncated} busy={clusters.isFetching} />
              <div className="pair">
                <NrqlChart
                  title="Messages in by cluster"
                  note="per second"
                  query="SELECT average(messagesInPerSec) FROM KafkaClusterSample FACET clusterName"
                  format={formatPerSecond}
                />
                <NrqlChart
                  title="Largest group lag by cluster"
                  note="messages"
                  query="SELECT max(totalLag) FROM KafkaConsumerGroupSample FACET clusterName"
                  format={formatCount}
                />
              </div>
              <LaggingGroups query={groups} />
            </>
          )
        }
      </Loaded>
    </>
  );
}
