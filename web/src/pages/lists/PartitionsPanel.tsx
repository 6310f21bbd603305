import { useState } from 'react';
import type { AllPartitions, Partition } from '../../api/types';
import { counted, formatCount } from '../../format/number';
import { Panel } from '../../parts/Panel';
import { Segmented } from '../../parts/Segmented';
import { Table } from '../../parts/Table';
import { PARTITION_COLUMNS } from './partitionColumns';

export interface PartitionFilter {
  value: string;
  label: string;
  keep: (partition: Partition) => boolean;
}

export const ALL: PartitionFilter = { value: 'all', label: 'All', keep: () => true };
export const NOT_WELL: PartitionFilter = {
  value: 'unwell',
  label: 'Not well',
  keep: ({ partition_status: word }) => word !== 'OK',
};

interface Props {
  title: string;
  partitions: AllPartitions;
  filters: PartitionFilter[];
  /** Columns that say the same in every row. */
  without?: string[];
}

/** Every partition of a topic or a broker; what is wrong is shown first where something is. */
export function PartitionsPanel({ title, partitions, filters, without = [] }: Props) {
  const { items, left_out_count: more } = partitions;
  const [sort, setSort] = useState({ column: 'status', descending: false });
  const [chosen, setChosen] = useState<string | null>(null);
  const usual = items.some(NOT_WELL.keep) ? NOT_WELL : ALL;
  const filter = filters.find(({ value }) => value === chosen) ?? usual;
  const rows = items.filter(filter.keep);
  const options = filters.map(({ value, label, keep }) => ({
    value,
    label: `${label} ${formatCount(items.filter(keep).length)}`,
  }));
  return (
    <Panel
      title={title}
      note={formatCount(items.length + more)}
      actions={
        <Segmented
          name={`Which ${title.toLowerCase()}`}
          options={options}
          value={filter.value}
          onChange={setChosen}
        />
      }
      flush
    >
      {rows.length === 0 ? (
        <p className="foot">None of them.</p>
      ) : (
        <Table
          caption={title}
          columns={PARTITION_COLUMNS.filter(({ id }) => !without.includes(id))}
          rows={rows}
          rowKey={(partition) => `${partition.topic}/${partition.partition}`}
          sort={sort}
          onSort={setSort}
          isStale={(partition) => partition.stale}
        />
      )}
      {more > 0 && <p className="foot">{counted(more, 'more partition')}, left out here.</p>}
    </Panel>
  );
}
