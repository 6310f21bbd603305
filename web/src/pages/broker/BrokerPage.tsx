import { useParams } from '@tanstack/react-router';
import { quote } from '../../api/nrql';
import { useBroker } from '../../api/queries';
import type { BrokerDetail } from '../../api/types';
import { NrqlChart } from '../../chart/NrqlChart';
import { Findings } from '../../parts/Findings';
import { Loaded, Skeleton } from '../../parts/Loaded';
import { PageTitle } from '../../parts/PageTitle';
import { HealthStatus, StaleNote, Updated } from '../../parts/State';
import { AgainstOthers } from './AgainstOthers';
import { BeyondProtocol } from './BeyondProtocol';
import { BrokerPartitions } from './BrokerPartitions';
import { BrokerTiles } from './BrokerTiles';
import { LogDirs } from './LogDirs';
import { Siblings } from './Siblings';

/** One broker: is it there, what does it carry, and is it like the others? */
export function BrokerPage() {
  const { cluster, broker: id } = useParams({ from: '/clusters/$cluster/brokers/$broker' });
  const broker = useBroker(cluster, id);
  const { data } = broker;
  return (
    <>
      <PageTitle
        title={`Broker ${id}`}
        status={data && <HealthStatus of={data} />}
        facts={headline(data)}
        answeredAtMs={broker.dataUpdatedAt}
        actions={data && <Siblings of={data} />}
      />
      <Loaded query={broker} skeleton={<Skeleton rows={3} height={76} />}>
        {(known) => (
          <>
            <StaleNote of={known} />
            <Findings of={known} />
            <BrokerTiles broker={known} />
            <Charts cluster={cluster} id={id} />
            <AgainstOthers broker={known} />
            <LogDirs broker={known} />
            <BrokerPartitions broker={known} />
            {known.cpu_user_percent === null && <BeyondProtocol cluster={cluster} />}
          </>
        )}
      </Loaded>
    </>
  );
}

function Charts({ cluster, id }: { cluster: string; id: string }) {
  const of = `WHERE clusterName = ${quote(cluster)} AND brokerId = ${quote(id)}`;
  return (
    <div className="trio">
      <NrqlChart
        title="Partitions"
        note="led, held, under-replicated"
        query={`SELECT latest(leaderCount) AS 'led', latest(partitionCount) AS 'held', max(underReplicatedPartitions) AS 'under-replicated' FROM KafkaBrokerSample ${of}`}
        about={{ event: 'KafkaBrokerSample', attr: 'leaderCount', cluster }}
        thing={`broker ${id}`}
        unit="count"
      />
      <NrqlChart
        title="Round trip"
        note="of a request of Weir"
        query={`SELECT average(requestLatencyMs) FROM KafkaBrokerSample ${of}`}
        about={{ event: 'KafkaBrokerSample', attr: 'requestLatencyMs', cluster }}
        thing={`broker ${id}`}
        seriesName="round trip"
        unit="millis"
      />
      <NrqlChart
        title="Disk used"
        note="bytes of its log directories"
        query={`SELECT latest(diskUsedBytes) FROM KafkaBrokerSample ${of}`}
        about={{ event: 'KafkaBrokerSample', attr: 'diskUsedBytes', cluster }}
        thing={`broker ${id}`}
        seriesName="disk used"
        unit="bytes"
      />
    </div>
  );
}

function headline(broker: BrokerDetail | undefined) {
  if (broker === undefined) return [];
  return [
    broker.host,
    broker.rack && `rack ${broker.rack}`,
    broker.is_controller && 'controller',
    broker.broker_status?.toLowerCase(),
    <Updated key="updated" of={broker} />,
  ];
}
