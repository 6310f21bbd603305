import type { UseQueryResult } from '@tanstack/react-query';
import type { List } from '../../api/types';
import { FilterBox, matchesFilter, useFilter } from '../../parts/FilterBox';
import { Empty, Loaded, Skeleton } from '../../parts/Loaded';
import { PageTitle } from '../../parts/PageTitle';
import { Panel } from '../../parts/Panel';
import { type Column, Table } from '../../parts/Table';
import { useUrlSort } from '../../parts/useSort';
import type { Sort } from '../../url/sort';

interface Props<Row> {
  title: string;
  /** What one of them is called. */
  noun: string;
  query: UseQueryResult<List<Row>>;
  columns: Column<Row>[];
  defaultSort: Sort;
  /** The texts the filter looks at; together they name the row. */
  namesOf: (row: Row) => [string, string];
  isStale: (row: Row) => boolean;
}

/** A list across all clusters: filter, sort, and the table. */
export function ListPage<Row>(props: Props<Row>) {
  const { title, noun, query, columns, namesOf } = props;
  const { sort, onSort } = useUrlSort(columns, props.defaultSort);
  const [filter, setFilter] = useFilter();
  const total = query.data?.items ?? [];
  const rows = total.filter((row) => matchesFilter(filter, ...namesOf(row)));
  return (
    <>
      <PageTitle title={title}>
        {query.data?.truncated && `the first ${total.length} only`}
      </PageTitle>
      <Panel
        title={`All ${title.toLowerCase()}`}
        actions={
          <FilterBox
            label={`Filter ${title.toLowerCase()}`}
            shown={rows.length}
            total={total.length}
          />
        }
        busy={query.isFetching}
        flush
      >
        <Loaded query={query} skeleton={<Skeleton rows={10} />}>
          {() =>
            rows.length > 0 ? (
              <Table
                caption={title}
                columns={columns}
                rows={rows}
                rowKey={(row) => namesOf(row).join('/')}
                sort={sort}
                onSort={onSort}
                isStale={props.isStale}
              />
            ) : (
              <Empty
                title={filter === '' ? `No ${noun} was seen` : `No ${noun} matches “${filter}”`}
              >
                {filter === '' ? (
                  <p>Either there is none, or the source may not see it.</p>
                ) : (
                  <button type="button" className="button" onClick={() => setFilter('')}>
                    Clear the filter
                  </button>
                )}
              </Empty>
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}
