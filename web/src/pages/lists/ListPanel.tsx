import { Link, useSearch } from '@tanstack/react-router';
import { useList, type WhyQuery } from '../../api/queries';
import type { Freshness, List } from '../../api/types';
import { counted, formatCount } from '../../format/number';
import { FilterBox, matchesFilter, useFilter } from '../../parts/FilterBox';
import { Empty, Loaded, Skeleton } from '../../parts/Loaded';
import { Panel } from '../../parts/Panel';
import { type Column, Table } from '../../parts/Table';
import { useSettled } from '../../parts/useSettled';
import { useUrlSort } from '../../parts/useSort';
import { WhyEmpty } from '../../parts/WhyEmpty';
import type { Sort } from '../../url/sort';
import { narrowed, ROWS_MAX } from './narrow';

interface Props<Row> {
  title: string;
  /** What one of them is called. */
  noun: string;
  /** `/api/v1/topics` and the like. */
  path: string;
  /** Only of this cluster. */
  cluster?: string;
  /** The event they are made of. */
  event: string;
  columns: Column<Row>[];
  defaultSort?: Sort;
  /** The texts the filter looks at; together they name the row. */
  namesOf: (row: Row) => [string, string];
  /** Rows that are left out until they are asked for; `noun` names them. */
  resting?: { isResting: (row: Row) => boolean; noun: string; because: string };
}

const WORST_FIRST: Sort = { column: 'status', descending: false };
const TYPING_MS = 300;

/**
 * A list of Kafka's things with its filter and order in the URL. The server sends so many at most;
 * what it had to cut it is asked for again by filter and order.
 */
export function ListPanel<Row extends Freshness & { cluster: string }>(props: Props<Row>) {
  const { title, noun, columns, namesOf, resting } = props;
  const { sort, onSort } = useUrlSort(columns, props.defaultSort ?? WORST_FIRST);
  const [filter, setFilter] = useFilter();
  const { resting: restingShown } = useSearch({ strict: false }) as { resting?: string };
  const query = useRows<Row>(props, filter, sort);
  const found = (query.data?.items ?? []).filter((row) => matchesFilter(filter, ...namesOf(row)));
  const rows =
    resting === undefined || restingShown === 'show'
      ? found
      : found.filter((row) => !resting.isResting(row));
  const total = (query.data?.items.length ?? 0) + (query.data?.left_out_count ?? 0);
  return (
    <Panel
      title={title}
      actions={<FilterBox label={`Filter ${noun}s`} shown={rows.length} total={total} />}
      busy={query.isFetching}
      flush
    >
      <Loaded query={query} skeleton={<Skeleton rows={10} />}>
        {(list) => (
          <>
            {list.truncated && <Cut list={list} noun={noun} />}
            {rows.length > 0 ? (
              <Table
                caption={title}
                columns={columns}
                rows={rows}
                rowKey={(row) => namesOf(row).join('/')}
                sort={sort}
                onSort={onSort}
                isStale={(row) => row.stale}
              />
            ) : (
              <Nothing
                noun={noun}
                filter={filter}
                onClear={() => setFilter('')}
                why={{ event: props.event, cluster: props.cluster }}
                hidden={found.length}
              />
            )}
            {resting && (
              <Resting
                count={found.filter(resting.isResting).length}
                shown={restingShown === 'show'}
                {...resting}
              />
            )}
          </>
        )}
      </Loaded>
    </Panel>
  );
}

/** The worst of all, or, where that is not all, those that filter and order are about. */
function useRows<Row extends { cluster: string }>(
  { path, cluster, columns }: Props<Row>,
  filter: string,
  sort: Sort,
) {
  const { all } = useSearch({ strict: false }) as { all?: string };
  const limit = all === 'yes' ? ROWS_MAX : undefined;
  const whole = useList<Row>(path, { cluster, limit });
  const settled = useSettled(filter, TYPING_MS);
  const clusters = [...new Set(whole.data?.items.map((row) => row.cluster))];
  const about = whole.data?.truncated ? narrowed(settled, sort, columns, clusters) : null;
  const cut = useList<Row>(path, { cluster, limit, ...about }, about !== null);
  const isWaiting = cut.data === undefined && cut.error === null;
  return about === null || isWaiting ? whole : cut;
}

function Cut<Row>({ list, noun }: { list: List<Row>; noun: string }) {
  const shown = list.items.length;
  return (
    <p className="cut lo" role="status">
      {formatCount(shown)} of {counted(shown + list.left_out_count, noun)} are here; filter and
      order look at all.{' '}
      <Link to="." search={(old: object) => ({ ...old, all: 'yes' }) as never}>
        Show all
      </Link>
    </p>
  );
}

interface RestingProps {
  count: number;
  shown: boolean;
  noun: string;
  because: string;
}

function Resting({ count, shown, noun, because }: RestingProps) {
  if (count === 0) return null;
  return (
    <p className="foot">
      {counted(count, noun)} {shown ? 'shown too' : 'hidden'}: {because}.{' '}
      <Link
        to="."
        search={(old: object) => ({ ...old, resting: shown ? undefined : 'show' }) as never}
      >
        {shown ? 'Hide' : 'Show'} {count === 1 ? 'it' : 'them'}
      </Link>
    </p>
  );
}

interface NothingProps {
  noun: string;
  filter: string;
  onClear: () => void;
  why: WhyQuery;
  /** How many only rest. */
  hidden: number;
}

function Nothing({ noun, filter, onClear, why, hidden }: NothingProps) {
  if (hidden > 0) return <Empty title={`Every ${noun} ${filter && 'that matches '}rests`} />;
  if (filter === '') {
    return (
      <Empty title={`No ${noun} was seen`}>
        <WhyEmpty of={why} />
      </Empty>
    );
  }
  return (
    <Empty title={`No ${noun} matches “${filter}”`}>
      <button type="button" className="button" onClick={onClear}>
        Clear the filter
      </button>
    </Empty>
  );
}
