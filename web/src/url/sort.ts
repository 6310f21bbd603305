/** `sort=lag` or `sort=-lag`: a column and its direction. */

export interface Sort {
  column: string;
  descending: boolean;
}

/** Falls back when the text names no column of the table. */
export function readSort(
  text: string | undefined,
  columns: readonly string[],
  fallback: Sort,
): Sort {
  if (text === undefined) return fallback;
  const descending = text.startsWith('-');
  const column = descending ? text.slice(1) : text;
  return columns.includes(column) ? { column, descending } : fallback;
}

/** `undefined` for the default, which never appears in a URL. */
export function writeSort(sort: Sort, fallback: Sort): string | undefined {
  const same = sort.column === fallback.column && sort.descending === fallback.descending;
  return same ? undefined : `${sort.descending ? '-' : ''}${sort.column}`;
}

export type SortKey = number | string | null;

/** Unknown comes last in both directions: it is neither small nor large. */
export function compareKeys(a: SortKey, b: SortKey, descending: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const order =
    typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
  return descending ? -order : order;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
