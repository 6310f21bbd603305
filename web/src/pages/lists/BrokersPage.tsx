import { PageTitle } from '../../parts/PageTitle';
import { BrokersPanel } from './panels';

/** The brokers of all clusters. */
export function BrokersPage() {
  return (
    <>
      <PageTitle title="Brokers" />
      <BrokersPanel title="All brokers" />
    </>
  );
}
