import { useState } from 'react';
import type { AbnormalPartitions as Partitions } from '../../api/types';
import { counted, formatCount } from '../../format/number';
import { Panel } from '../../parts/Panel';
import { Table } from '../../parts/Table';
import { PARTITION_COLUMNS } from './partitionColumns';

interface Props {
  title: string;
  partitions: Partitions;
  /** Said when there is none. */
  none: string;
  /** Columns that say the same in every row. */
  without?: string[];
}

const FEW = 10;

/** The partitions that are not well; the others are not known one by one. */
export function AbnormalPartitions({ title, partitions, none, without = [] }: Props) {
  const [sort, setSort] = useState({ column: 'status', descending: false });
  const [isOpen, setOpen] = useState(false);
  const { items, left_out_count: more } = partitions;
  if (items.length === 0) {
    return (
      <Panel title={title}>
        <p className="lo">{none}</p>
      </Panel>
    );
  }
  return (
    <Panel title={title} note={formatCount(items.length + more)} flush>
      <Table
        caption={title}
        columns={PARTITION_COLUMNS.filter((column) => !without.includes(column.id))}
        rows={isOpen ? items : items.slice(0, FEW)}
        rowKey={(partition) => `${partition.topic}/${partition.partition}`}
        sort={sort}
        onSort={setSort}
        isStale={(partition) => partition.stale}
      />
      {!isOpen && items.length > FEW && (
        <p className="foot">
          The worst {FEW}.{' '}
          <button type="button" className="link" onClick={() => setOpen(true)}>
            Show {formatCount(items.length)}
          </button>
        </p>
      )}
      {isOpen && more > 0 && (
        <p className="foot">{counted(more, 'more partition')} not well, left out here.</p>
      )}
    </Panel>
  );
}
