import { type ReactNode, useState } from 'react';
import type { WhyQuery } from '../../api/queries';
import type { Freshness } from '../../api/types';
import { counted } from '../../format/number';
import { Empty } from '../../parts/Loaded';
import { Panel } from '../../parts/Panel';
import { type Column, Table } from '../../parts/Table';
import { WhyEmpty } from '../../parts/WhyEmpty';
import type { Sort } from '../../url/sort';

interface Props<Row> {
  title: string;
  note?: ReactNode;
  rows: Row[];
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
  defaultSort: Sort;
  why: WhyQuery;
}

/** One of several tables of a page: its sort is its own, not the URL's. */
export function SubTable<Row extends Freshness>(props: Props<Row>) {
  const { title, rows, why } = props;
  const [sort, setSort] = useState(props.defaultSort);
  return (
    <Panel title={title} note={props.note} flush>
      {rows.length === 0 ? (
        <Empty title="None was seen">
          <WhyEmpty of={why} />
        </Empty>
      ) : (
        <Table
          caption={`${title}: ${counted(rows.length, 'row')}`}
          columns={props.columns}
          rows={rows}
          rowKey={props.rowKey}
          sort={sort}
          onSort={setSort}
          isStale={(row) => row.stale}
        />
      )}
    </Panel>
  );
}
