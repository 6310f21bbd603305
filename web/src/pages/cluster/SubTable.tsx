import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import type { Freshness, List } from '../../api/types';
import { counted } from '../../format/number';
import { Empty, Loaded } from '../../parts/Loaded';
import { Panel } from '../../parts/Panel';
import { type Column, Table } from '../../parts/Table';
import type { Sort } from '../../url/sort';

interface Props<Row> {
  title: string;
  query: UseQueryResult<List<Row>>;
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
  defaultSort: Sort;
}

/** One of several tables of a page: its sort is its own, not the URL's. */
export function SubTable<Row extends Freshness>({
  title,
  query,
  columns,
  rowKey,
  defaultSort,
}: Props<Row>) {
  const [sort, setSort] = useState(defaultSort);
  const count = query.data?.items.length;
  const noun = title.toLowerCase();
  return (
    <Panel
      title={title}
      note={count !== undefined && `${count}${query.data?.truncated ? ' and more' : ''}`}
      flush
    >
      <Loaded query={query} skeleton={undefined}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={`No ${noun} were seen`} />
          ) : (
            <Table
              caption={`${title}: ${counted(items.length, 'row')}`}
              columns={columns}
              rows={items}
              rowKey={rowKey}
              sort={sort}
              onSort={setSort}
              isStale={(row) => row.stale}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}
