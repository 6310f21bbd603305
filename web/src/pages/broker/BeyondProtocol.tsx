import { Panel } from '../../parts/Panel';
import { WhyAnswer } from '../../parts/WhyEmpty';

/** Said once instead of empty charts: what Kafka's protocol alone can't tell, and what would. */
export function BeyondProtocol({ cluster }: { cluster: string }) {
  return (
    <Panel title="CPU, heap, bytes and request times">
      <WhyAnswer of={{ event: 'KafkaBrokerSample', attr: 'cpuUserPercent', cluster }} />
    </Panel>
  );
}
