import { type ReactNode, useRef } from 'react';
import { compareKeys, type Sort, type SortKey } from '../url/sort';
import { useWindowedRows } from './useWindowedRows';

export interface Column<Row> {
  id: string;
  header: string;
  /** Says more about the header on hover. */
  hint?: string;
  /** Right-aligned figures. */
  numeric?: boolean;
  /** Takes the room that is left; texts that do not fit are cut. */
  grows?: boolean;
  /** The least width of the window it is shown at; without it always. */
  from?: 'tablet' | 'desktop' | 'wide';
  /** The server's name of the column: it sorts by it what is too long to be sent whole. */
  field?: string;
  /** Makes the column sortable. */
  key?: (row: Row) => SortKey;
  cell: (row: Row) => ReactNode;
}

interface Props<Row> {
  /** What the table lists, for those who can't see it. */
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  sort: Sort;
  onSort?: (sort: Sort) => void;
  /** Old knowledge is shown dimmed. */
  isStale?: (row: Row) => boolean;
}

/** The one table: sorted, unknown last, and drawn only where it is looked at when it is long. */
export function Table<Row>({ caption, columns, rows, rowKey, sort, onSort, isStale }: Props<Row>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const sorted = sortRows(rows, columns, sort);
  const { first, last, before, after } = useWindowedRows(body, sorted.length);
  return (
    <div className="table-scroll">
      <table aria-rowcount={sorted.length + 1}>
        <caption className="hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeaderCell key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {before > 0 && <Spacer height={before} span={columns.length} />}
          {sorted.slice(first, last).map((row, at) => (
            <tr
              key={rowKey(row)}
              aria-rowindex={first + at + 2}
              data-stale={isStale?.(row) ?? false}
            >
              {columns.map((column) => (
                <td
                  key={column.id}
                  data-numeric={column.numeric}
                  data-grows={column.grows}
                  data-from={column.from}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
          {after > 0 && <Spacer height={after} span={columns.length} />}
        </tbody>
      </table>
    </div>
  );
}

/** The columns with those of these ids left out of windows that are too narrow for them. */
export function shownFrom<Row>(
  columns: Column<Row>[],
  ids: Partial<Record<NonNullable<Column<Row>['from']>, string[]>>,
): Column<Row>[] {
  const fromOf = (id: string) =>
    (['wide', 'desktop', 'tablet'] as const).find((width) => ids[width]?.includes(id));
  return columns.map((column) => ({ ...column, from: fromOf(column.id) }));
}

export function sortRows<Row>(rows: Row[], columns: Column<Row>[], sort: Sort): Row[] {
  const key = columns.find((column) => column.id === sort.column)?.key;
  if (key === undefined) return rows;
  return [...rows].sort((a, b) => compareKeys(key(a), key(b), sort.descending));
}

function HeaderCell<Row>({
  column,
  sort,
  onSort,
}: {
  column: Column<Row>;
  sort: Sort;
  onSort?: (sort: Sort) => void;
}) {
  const active = sort.column === column.id;
  const direction = sort.descending ? 'descending' : 'ascending';
  const sortable = onSort !== undefined && column.key !== undefined;
  return (
    <th
      scope="col"
      data-numeric={column.numeric}
      data-grows={column.grows}
      data-from={column.from}
      title={column.hint}
      aria-sort={sortable && active ? direction : undefined}
    >
      {sortable ? (
        <button type="button" onClick={() => onSort(nextSort(sort, column))}>
          {column.header}
          <span aria-hidden="true" className="sort-mark">
            {active ? (sort.descending ? '↓' : '↑') : ''}
          </span>
        </button>
      ) : (
        column.header
      )}
    </th>
  );
}

/** The other way round, or the side people look for first: large numbers, early letters. */
function nextSort<Row>(sort: Sort, column: Column<Row>): Sort {
  if (sort.column === column.id) return { column: column.id, descending: !sort.descending };
  return { column: column.id, descending: column.numeric ?? false };
}

function Spacer({ height, span }: { height: number; span: number }) {
  return (
    <tr aria-hidden="true" className="spacer">
      <td colSpan={span} style={{ height }} />
    </tr>
  );
}
