import { overRange, quote } from '../../api/nrql';
import { useNrql } from '../../api/queries';
import type { BrokerDetail } from '../../api/types';
import { Sparkline } from '../../chart/Sparkline';
import { lastKnown } from '../../chart/series';
import { counted, formatBytes, formatCount, formatMillis } from '../../format/number';
import { BrokerLink } from '../../parts/EntityLink';
import { Known } from '../../parts/Known';
import { Empty, Loaded, Skeleton } from '../../parts/Loaded';
import { Panel } from '../../parts/Panel';
import { WhyEmpty } from '../../parts/WhyEmpty';
import { formatBound } from '../../url/range';
import { useView } from '../../url/useView';
import {
  type BrokerLine,
  brokerLines,
  isSilent,
  MEASURES,
  type Measure,
  sharedBounds,
} from './compare';

const BROKERS_MAX = 12;
const BUCKETS = 40;
const MEASURE_NAMES: Record<Measure, string> = {
  leaders: 'Leads',
  latency: 'Round trip',
  disk: 'Disk used',
};
const FORMATS: Record<Measure, (value: number | null) => string> = {
  leaders: formatCount,
  latency: formatMillis,
  disk: formatBytes,
};

/** This broker's numbers over time beside the others', each column drawn to one scale. */
export function AgainstOthers({ broker }: { broker: BrokerDetail }) {
  const { cluster, broker_id: id, broker_ids: ids } = broker;
  const { view } = useView();
  const query = `SELECT latest(leaderCount) AS leaders, average(requestLatencyMs) AS latency, latest(diskUsedBytes) AS disk FROM KafkaBrokerSample WHERE clusterName = ${quote(cluster)} FACET brokerId LIMIT MAX`;
  const { from, to } = view.range;
  const answer = useNrql([query, formatBound(from), formatBound(to)], (nowMs) =>
    overRange(query, view.range, nowMs, BUCKETS),
  );
  const more = ids.length - BROKERS_MAX;
  return (
    <Panel title="Against the others" note="each column has one scale" flush>
      <Loaded query={answer} skeleton={<Skeleton rows={Math.min(ids.length, BROKERS_MAX)} />}>
        {(data) => <Lines of={brokerLines(data, id)} cluster={cluster} id={id} />}
      </Loaded>
      {more > 0 && <p className="foot">And {counted(more, 'more broker')}.</p>}
    </Panel>
  );
}

function Lines({ of, cluster, id }: { of: BrokerLine[]; cluster: string; id: string }) {
  if (of.length === 0) {
    return (
      <Empty title="No broker was seen in this range">
        <WhyEmpty of={{ event: 'KafkaBrokerSample', cluster }} />
      </Empty>
    );
  }
  const lines = of.slice(0, BROKERS_MAX);
  const bounds = Object.fromEntries(
    MEASURES.map((measure) => [measure, sharedBounds(lines, measure)]),
  ) as Record<Measure, [number, number]>;
  return (
    <div className="table-scroll">
      <table className="compare">
        <caption className="hidden">Brokers of {cluster} side by side</caption>
        <thead>
          <tr>
            <th scope="col">Broker</th>
            {MEASURES.map((measure) => (
              <th scope="col" key={measure} data-numeric="true">
                {MEASURE_NAMES[measure]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.id} data-own={line.id === id}>
              <th scope="row">
                <BrokerLink cluster={cluster} name={line.id} />
                {line.id === id && <span className="tag after">this one</span>}
              </th>
              {MEASURES.map((measure) => (
                <Cell key={measure} of={line} measure={measure} bounds={bounds[measure]} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface CellProps {
  of: BrokerLine;
  measure: Measure;
  bounds: [number, number];
}

function Cell({ of, measure, bounds }: CellProps) {
  const values = of.values[measure];
  // The value of now: what a silent broker last told is no longer its value.
  const last = isSilent(values) ? null : lastKnown(values);
  return (
    <td data-numeric="true">
      <span className="compare-cell">
        <Sparkline values={values} width={180} bounds={bounds} />
        <span>
          <Known value={last} why="nothing was measured lately">
            {FORMATS[measure](last)}
          </Known>
        </span>
      </span>
    </td>
  );
}
