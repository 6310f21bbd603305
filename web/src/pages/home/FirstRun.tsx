import type { Source } from '../../api/types';
import { NoSource } from '../sources/NoSource';
import { SourceCard } from '../sources/SourceCard';

/** Why Home is empty, and the next step. */
export function FirstRun({ sources }: { sources: Source[] | undefined }) {
  const silent = sources ?? [];
  return silent.length === 0 ? <NoSource /> : <NothingYet sources={silent} />;
}

function NothingYet({ sources }: { sources: Source[] }) {
  const isFailing = sources.some((source) => source.state === 'failing');
  return (
    <>
      <h2>{isFailing ? 'No data came yet' : 'Waiting for the first sample'}</h2>
      <ul className="cards">
        {sources.map((source) => (
          <li key={source.name}>
            <SourceCard source={source} seen={false} />
          </li>
        ))}
      </ul>
    </>
  );
}
