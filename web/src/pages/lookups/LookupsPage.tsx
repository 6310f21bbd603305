import { useLookupTables } from '../../api/queries';
import { counted } from '../../format/number';
import { Loaded, Skeleton } from '../../parts/Loaded';
import { PageTitle } from '../../parts/PageTitle';
import { Panel } from '../../parts/Panel';
import { LookupTable } from './LookupTable';
import { UploadForm } from './UploadForm';

/** Tables that queries join with what Kafka tells: owners, tiers, names. */
export function LookupsPage() {
  const tables = useLookupTables();
  const count = tables.data?.items.length ?? 0;
  return (
    <>
      <PageTitle title="Lookup tables" facts={[count > 0 && counted(count, 'table')]} />
      <Panel title="Upload a table">
        <UploadForm />
      </Panel>
      <Panel title="Tables" busy={tables.isFetching} flush={count > 0}>
        <Loaded query={tables} skeleton={<Skeleton rows={3} />}>
          {({ items }) =>
            items.length === 0 ? (
              <p className="lo">
                No table was uploaded. Once one is, NRQL reads it with{' '}
                <code>FROM lookup(name)</code> and joins it with everything else.
              </p>
            ) : (
              <LookupTable tables={items} />
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}
