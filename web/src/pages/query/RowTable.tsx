import { useMemo, useState } from 'react';
import type { QueryRow } from '../../api/types';
import { columnsOf } from '../../console/download';
import { formatNumber } from '../../format/number';
import { formatInstant } from '../../format/time';
import { Known } from '../../parts/Known';
import { type Column, Table } from '../../parts/Table';
import type { Sort, SortKey } from '../../url/sort';
import { useView } from '../../url/useView';

interface Numbered {
  position: number;
  row: QueryRow;
}

const AS_ANSWERED: Sort = { column: '', descending: false };
const INSTANTS: Record<string, number> = {
  timestamp: 1,
  beginTimeSeconds: 1000,
  endTimeSeconds: 1000,
};

/** The rows as they came, until a column is clicked. */
export function RowTable({ rows }: { rows: QueryRow[] }) {
  const { view } = useView();
  const [sort, setSort] = useState(AS_ANSWERED);
  const numbered = useMemo(() => rows.map((row, position) => ({ position, row })), [rows]);
  const columns = useMemo(
    () => columnsOf(rows).map((name) => columnOf(name, rows, view.timeZone)),
    [rows, view.timeZone],
  );
  return (
    <Table
      caption="Rows of the result"
      columns={columns}
      rows={numbered}
      rowKey={({ position }) => `${position}`}
      sort={sort}
      onSort={setSort}
    />
  );
}

function columnOf(name: string, rows: QueryRow[], timeZone: string): Column<Numbered> {
  const factor = INSTANTS[name];
  const numeric = factor === undefined && rows.some((row) => typeof row[name] === 'number');
  return {
    id: name,
    header: name,
    numeric,
    key: ({ row }) => sortKey(row[name]),
    cell: ({ row }) => (
      <Known value={row[name]} why="null">
        {factor !== undefined && typeof row[name] === 'number'
          ? formatInstant(row[name] * factor, timeZone)
          : cellText(row[name])}
      </Known>
    ),
  };
}

function sortKey(value: unknown): SortKey {
  if (value === null || value === undefined) return null;
  return typeof value === 'number' ? value : cellText(value);
}

function cellText(value: unknown): string {
  if (typeof value === 'number') return formatNumber(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
