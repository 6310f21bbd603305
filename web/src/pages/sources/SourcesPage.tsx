import { useClusters, useSources } from '../../api/queries';
import { counted } from '../../format/number';
import { Loaded, Skeleton } from '../../parts/Loaded';
import { PageTitle } from '../../parts/PageTitle';
import { NoSource } from './NoSource';
import { SourceCard } from './SourceCard';
import { worstFirst } from './sourceState';

/** Where the data comes from, and for each source whether it comes. */
export function SourcesPage() {
  const sources = useSources();
  const clusters = useClusters().data?.items ?? [];
  const count = sources.data?.items.length ?? 0;
  return (
    <>
      <PageTitle title="Sources" facts={[count > 0 && counted(count, 'source')]} />
      <Loaded query={sources} skeleton={<Skeleton rows={3} height={120} />}>
        {({ items }) =>
          items.length === 0 ? (
            <NoSource />
          ) : (
            <ul className="cards">
              {worstFirst(items).map((source) => (
                <li key={source.name}>
                  <SourceCard
                    source={source}
                    seen={clusters.some(({ cluster }) => cluster === source.cluster)}
                  />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
}
