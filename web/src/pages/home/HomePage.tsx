import { maxLagTime } from '../../api/nrql';
import { useClusters, useSources } from '../../api/queries';
import { NrqlChart } from '../../chart/NrqlChart';
import { counted } from '../../format/number';
import { Loaded, Skeleton } from '../../parts/Loaded';
import { PageTitle } from '../../parts/PageTitle';
import { FirstRun } from './FirstRun';
import { FleetTable } from './FleetTable';
import { FleetTiles } from './FleetTiles';
import { NeverAnswered, neverAnswered } from './NeverAnswered';
import { WorstGroups } from './WorstGroups';

/** Is anything wrong, where, and is it getting worse? */
export function HomePage() {
  const clusters = useClusters();
  const sources = useSources();
  const items = clusters.data?.items ?? [];
  const silent = neverAnswered(sources.data?.items ?? [], items);
  const environments = new Set(items.map((cluster) => cluster.environment).filter(Boolean));
  return (
    <>
      <PageTitle
        title="Fleet"
        facts={[
          items.length > 0 && counted(items.length, 'cluster'),
          items.length > 0 && silent.length > 0 && `${silent.length} never answered`,
          environments.size > 1 && counted(environments.size, 'environment'),
        ]}
      />
      <Loaded query={clusters} skeleton={<Skeleton rows={6} />}>
        {({ items, truncated }) =>
          items.length === 0 ? (
            <FirstRun sources={sources.data?.items} />
          ) : (
            <>
              <FleetTiles clusters={items} neverAnswered={silent.length} />
              <FleetTable clusters={items} truncated={truncated} busy={clusters.isFetching} />
              <NeverAnswered sources={silent} />
              <div className="pair">
                <NrqlChart
                  title="Messages in by cluster"
                  note="per second"
                  query="SELECT average(messagesInPerSec) FROM KafkaClusterSample FACET clusterName"
                  about={{ event: 'KafkaClusterSample', attr: 'messagesInPerSec' }}
                  unit="perSecond"
                />
                <NrqlChart
                  title="Lag time by cluster"
                  note="worst group that is not abandoned"
                  query={`SELECT ${maxLagTime('maxLagSeconds')} FROM KafkaConsumerGroupSample WHERE abandoned IS NULL OR abandoned = false FACET clusterName`}
                  about={{ event: 'KafkaConsumerGroupSample', attr: 'maxLagSeconds' }}
                  unit="seconds"
                />
              </div>
              <WorstGroups />
            </>
          )
        }
      </Loaded>
    </>
  );
}
