import { Link } from '@tanstack/react-router';
import type { Cluster, Source } from '../../api/types';
import { withoutRepeats } from '../../format/reasons';
import { Known } from '../../parts/Known';
import { Panel } from '../../parts/Panel';
import { Status } from '../../parts/Status';
import { type Column, Table } from '../../parts/Table';
import { sourceState, worstFirst } from '../sources/sourceState';

const AS_SENT = { column: '', descending: false };

const COLUMNS: Column<Source>[] = [
  {
    id: 'cluster',
    header: 'Cluster',
    cell: ({ cluster }) => <span className="name">{cluster}</span>,
  },
  {
    id: 'status',
    header: 'Status',
    cell: (source) => <Status {...sourceState(source)} />,
  },
  {
    id: 'error',
    header: 'Why',
    grows: true,
    cell: ({ last_error: error }) => (
      <Known value={error} why="its first cycle has not ended">
        <span className="wrap">{withoutRepeats(error ?? '')}</span>
      </Known>
    ),
  },
  {
    id: 'source',
    header: 'Source',
    cell: ({ name }) => <Link to="/sources">{name}</Link>,
  },
];

/** Clusters that are watched and of which nothing is known: they are part of the fleet all the same. */
export function NeverAnswered({ sources }: { sources: Source[] }) {
  if (sources.length === 0) return null;
  return (
    <Panel title="Clusters that never answered" note={`${sources.length}`} flush>
      <Table
        caption="Clusters that never answered"
        columns={COLUMNS}
        rows={worstFirst(sources)}
        rowKey={({ name }) => name}
        sort={AS_SENT}
      />
    </Panel>
  );
}

/** The sources whose clusters the fleet knows nothing of. */
export function neverAnswered(sources: Source[], clusters: Cluster[]): Source[] {
  const known = new Set(clusters.map(({ cluster }) => cluster));
  return sources.filter(({ cluster }) => !known.has(cluster));
}
