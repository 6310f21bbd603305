import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useList, type WhyQuery } from '../../api/queries';
import type { Freshness, List, QueryRow, Status } from '../../api/types';
import { download, toCsv } from '../../console/download';
import { counted, formatCount } from '../../format/number';
import { FilterBox, matchesFilter, useFilter } from '../../parts/FilterBox';
import { Empty, Loaded, Skeleton } from '../../parts/Loaded';
import { Panel } from '../../parts/Panel';
import { type Column, Table } from '../../parts/Table';
import { useSettled } from '../../parts/useSettled';
import { useUrlSort } from '../../parts/useSort';
import { WhyEmpty } from '../../parts/WhyEmpty';
import type { ListSearch } from '../../router';
import type { Sort } from '../../url/sort';
import { narrowed, ROWS_MAX } from './narrow';
import { filterOf, type RowFilter, STATUS_FILTERS } from './rowFilter';

type Listed = Freshness & { cluster: string; status: Status };

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
  /** What it can be narrowed to besides a status. */
  filters?: RowFilter<Row>[];
  /** Rows that are left out until they are asked for; `noun` names them. */
  resting?: { isResting: (row: Row) => boolean; noun: string; because: string };
}

const WORST_FIRST: Sort = { column: 'status', descending: false };
const TYPING_MS = 300;

/**
 * A list of Kafka's things with its filter and order in the URL. The server sends so many at most;
 * what it had to cut it is asked for again by filter and order.
 */
export function ListPanel<Row extends Listed>(props: Props<Row>) {
  const { title, noun, columns, namesOf, resting } = props;
  const { sort, onSort } = useUrlSort(columns, props.defaultSort ?? WORST_FIRST);
  const [filter, setFilter] = useFilter();
  const { resting: restingShown, only } = useSearch({ strict: false }) as ListSearch;
  const filters: RowFilter<Row>[] = [...STATUS_FILTERS, ...(props.filters ?? [])];
  const narrowing = filterOf(filters, only);
  const query = useRows<Row>(props, filter, sort, narrowing?.ask);
  const found = (query.data?.items ?? []).filter(
    (row) => matchesFilter(filter, ...namesOf(row)) && (narrowing?.keep(row) ?? true),
  );
  // Who asks for those of one kind means all of them.
  const rows =
    resting === undefined || restingShown === 'show' || narrowing !== undefined
      ? found
      : found.filter((row) => !resting.isResting(row));
  const total = (query.data?.items.length ?? 0) + (query.data?.left_out_count ?? 0);
  return (
    <Panel
      title={title}
      actions={
        <>
          <Only filters={filters} noun={noun} />
          <FilterBox label={`Filter ${noun}s`} shown={rows.length} total={total} />
          <CsvButton noun={noun} rows={rows} />
        </>
      }
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
                only={narrowing?.label}
                onClear={() => setFilter('')}
                why={{ event: props.event, cluster: props.cluster }}
                hidden={found.length}
              />
            )}
            {resting && narrowing === undefined && (
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
  ask: RowFilter<Row>['ask'],
) {
  const { all } = useSearch({ strict: false }) as { all?: string };
  const limit = all === 'yes' ? ROWS_MAX : undefined;
  const whole = useList<Row>(path, { cluster, limit });
  const settled = useSettled(filter, TYPING_MS);
  const clusters = [...new Set(whole.data?.items.map((row) => row.cluster))];
  const about = whole.data?.truncated ? narrowed(settled, sort, columns, clusters, ask) : null;
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

/** One choice, kept in the URL. */
function Only<Row>({ filters, noun }: { filters: RowFilter<Row>[]; noun: string }) {
  const { only } = useSearch({ strict: false }) as ListSearch;
  const navigate = useNavigate();
  return (
    <select
      className="select"
      aria-label={`Which ${noun}s`}
      value={filterOf(filters, only)?.value ?? ''}
      onChange={({ target }) =>
        void navigate({
          to: '.',
          search: (old: object) => ({ ...old, only: target.value || undefined }) as never,
        })
      }
    >
      <option value="">All {noun}s</option>
      {filters.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}

/** What is shown, every field of it, as a file. */
function CsvButton<Row extends object>({ noun, rows }: { noun: string; rows: Row[] }) {
  return (
    <button
      type="button"
      className="button"
      disabled={rows.length === 0}
      title="Every field of the rows shown, as CSV"
      onClick={() => download(`weir-${noun}s.csv`, 'text/csv', toCsv(rows as QueryRow[]))}
    >
      CSV
    </button>
  );
}

interface NothingProps {
  noun: string;
  filter: string;
  /** What the list is narrowed to. */
  only: string | undefined;
  onClear: () => void;
  why: WhyQuery;
  /** How many only rest. */
  hidden: number;
}

function Nothing({ noun, filter, only, onClear, why, hidden }: NothingProps) {
  if (only !== undefined && filter === '') {
    return (
      <Empty title={`No ${noun} is among “${only}”`}>
        <Link
          to="."
          search={(old: object) => ({ ...old, only: undefined }) as never}
          className="button"
        >
          Show all {noun}s
        </Link>
      </Empty>
    );
  }
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
