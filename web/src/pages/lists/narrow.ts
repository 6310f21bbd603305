/** What a list that is too long to be sent whole is asked for. */

import type { ListQuery } from '../../api/queries';
import type { Column } from '../../parts/Table';
import type { Sort } from '../../url/sort';

/** The server's most, for those who want all of it. */
export const ROWS_MAX = 50_000;

/**
 * The query that gives the rows the filter and the order are about; `null` when what the server
 * sends anyway, the worst, is as good.
 */
export function narrowed<Row>(
  filter: string,
  sort: Sort,
  columns: Column<Row>[],
  clusters: readonly string[],
  ask: Pick<ListQuery, 'status' | 'sort'> = {},
): Pick<ListQuery, 'q' | 'sort' | 'status'> | null {
  const q = nameWord(filter, clusters);
  const order = serverOrder(sort, columns) ?? ask.sort;
  const { status } = ask;
  if (q === undefined && order === undefined && status === undefined) return null;
  return { q, sort: order, status };
}

/** The server looks into names only: the longest word that speaks of no cluster. */
function nameWord(filter: string, clusters: readonly string[]): string | undefined {
  const ofCluster = (word: string) =>
    clusters.some((cluster) => cluster.toLowerCase().includes(word));
  return filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '' && !ofCluster(word))
    .sort((a, b) => b.length - a.length)[0];
}

function serverOrder<Row>(sort: Sort, columns: Column<Row>[]): string | undefined {
  const field = columns.find((column) => column.id === sort.column)?.field;
  if (field === undefined || (field === 'worst' && !sort.descending)) return undefined;
  return `${sort.descending ? '-' : ''}${field}`;
}
